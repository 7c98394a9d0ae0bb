import type { Answer, Request } from "./messages.ts";

/** A worker that trains: the same code and the same kernel as the command line's. */
export interface TrainingWorker {
  ask(request: Request): void;
  terminate(): void;
}

/**
 * Starts one. Requests wait until it says that it is ready: its kernel compiles while its modules load, and messages
 * that come before that would be lost.
 */
export function startWorker(events: {
  readonly onAnswer: (answer: Answer) => void;
  readonly onBroken: (message: string) => void;
}): TrainingWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "theorycheck" });
  let waiting: Request[] | undefined = [];
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    if (data.kind === "ready") {
      for (const request of waiting ?? []) worker.postMessage(request);
      waiting = undefined;
    } else events.onAnswer(data);
  });
  worker.addEventListener("error", (event) => {
    events.onBroken(event.message || "the code that trains could not be loaded");
  });
  return {
    ask: (request) => {
      if (waiting === undefined) worker.postMessage(request);
      else waiting.push(request);
    },
    terminate: () => worker.terminate(),
  };
}
