import { readdirSync, readFileSync } from "node:fs";

/** Returns the ids of the living processes of a process group. Zombies do not count. */
export function livingInGroup(group: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      // The format is "pid (command) state parent group …". The command may contain spaces and brackets.
      const [state, , groupId] = readOrEmpty(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
      return Number(groupId) === group && state !== "Z";
    })
    .map(Number);
}

/** Returns the processes whose environment has `entry` (`NAME=value`), as `pid command`. */
export function livingWith(entry: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOrEmpty(`/proc/${pid}/environ`).split("\0").includes(entry))
    .map((pid) => `${pid} ${readOrEmpty(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
