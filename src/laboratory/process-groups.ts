import { type ChildProcess, spawn } from "node:child_process";

/** Ends a process with all that it started, as far as they are in its group still. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // nobody is left in it
  }
}

/** Knows which groups there are, and outlives this program: whatever ends it, they end too. */
export interface Watch {
  begun(child: ChildProcess): void;
  ended(child: ChildProcess): void;
  close(): void;
}

/** Reads which groups begin and end, until nobody can write any more: then it ends those that are left. */
const SCRIPT = `
groups=" "
while read -r what group; do
  case $what in
    begun) groups="$groups$group " ;;
    ended) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Where there is no \`sh\`, as on Windows, only an orderly end of this program ends what it started. */
export function watchGroups(): Watch {
  const shell = spawn("sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  const tell = (what: string, { pid }: ChildProcess) => {
    if (pid !== undefined) shell.stdin.write(`${what} ${pid}\n`);
  };
  return {
    begun: (child) => tell("begun", child),
    ended: (child) => tell("ended", child),
    close: () => {
      shell.stdin.end();
    },
  };
}
