import { runnerOf } from "../../src/experiment/laboratory.ts";
import { kernelEngine } from "../../src/transformer/model/kernel/engine.ts";
import { statements } from "../../theorems/index.ts";
import { populationOn } from "../input/comparison-laws.ts";
import { observe, pruningCurvesOf } from "./judged-model.ts";
import type { Answer, Request } from "./messages.ts";
import { Session } from "./session.ts";

/** How long the worker computes before it listens again. */
const SLICE_MS = 25;

/** Least time between two pictures of a training under way. */
const SNAPSHOT_MS = 100;

/** Pictures take at most this share of the time. */
const SNAPSHOT_SHARE = 1 / 4;

const runOrder = runnerOf(statements);

interface Running {
  readonly until: number;
  readonly stepsPerSecond: number;
  readonly since: number;
  readonly from: number;
}

let job = -1;
let session: Session | undefined;
let running: Running | undefined;
let nextSnapshot = 0;
/** Numbers the chain of slices under way, so that one that was paused does not go on beside the next. */
let chain = 0;

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  try {
    handle(data);
  } catch (error) {
    answerFailure(data.job, error);
  }
});

function handle(request: Request): void {
  if (request.kind === "trial") {
    answer({ kind: "trial", job: request.job, index: request.index, record: runOrder(request.order) });
    return;
  }
  if (request.kind === "load") {
    running = undefined;
    session = undefined; // lets go of the old model's memory first
    job = request.job;
    session = new Session(request.theta, request.seed, kernelEngine);
    show(session);
    return;
  }
  if (session === undefined || request.job !== job) return;
  switch (request.kind) {
    case "run": {
      const idle = running === undefined;
      running = { ...request, since: performance.now(), from: session.steps };
      if (idle) startChain();
      break;
    }
    case "pause":
      running = undefined;
      show(session);
      break;
    case "judge": {
      const { law, claims } = populationOn(request.lawId);
      const run = session.run();
      answer({
        kind: "judged",
        job,
        lawId: law.id,
        judged: {
          steps: session.steps,
          ended: session.outcome !== "under way",
          observations: observe(claims, run, session.gradientsWatched),
          pruning: pruningCurvesOf(run),
          small: run.clusters.small.length,
        },
      });
      break;
    }
  }
}

function startChain(): void {
  chain++;
  const mine = chain;
  later(() => continueRun(mine));
}

/** Trains for one slice, then lets messages in. */
function continueRun(mine: number): void {
  if (session === undefined || running === undefined || mine !== chain) return;
  try {
    const started = performance.now();
    const { until, stepsPerSecond, since, from } = running;
    const due = Math.min(until, from + ((started - since) / 1000) * stepsPerSecond + 1);
    while (session.outcome === "under way" && session.steps < due && performance.now() < started + SLICE_MS) {
      session.advance();
    }
    if (session.outcome !== "under way" || session.steps >= until) {
      running = undefined;
      show(session);
      return;
    }
    if (performance.now() >= nextSnapshot) show(session);
    if (session.steps >= due) setTimeout(() => continueRun(mine), Math.min(SNAPSHOT_MS, 1000 / stepsPerSecond));
    else later(() => continueRun(mine));
  } catch (error) {
    running = undefined;
    answerFailure(job, error);
  }
}

function show(shown: Session): void {
  const started = performance.now();
  answer({ kind: "snapshot", job, running: running !== undefined, snapshot: shown.snapshot(running !== undefined) });
  const cost = performance.now() - started;
  nextSnapshot = performance.now() + Math.max(SNAPSHOT_MS, cost / SNAPSHOT_SHARE);
}

function answer(message: Answer): void {
  postMessage(message);
}

function answerFailure(failed: number, error: unknown): void {
  answer({ kind: "failed", job: failed, message: error instanceof Error ? error.message : String(error) });
}

const channel = new MessageChannel();
let pending: (() => void) | undefined;
channel.port1.onmessage = () => {
  const callback = pending;
  pending = undefined;
  callback?.();
};

/** Calls back after the messages that are waiting, without the delay that timers have. */
function later(callback: () => void): void {
  pending = callback;
  channel.port2.postMessage(undefined);
}

answer({ kind: "ready" });
