/** Returns one sentence about a command line that Node's `parseArgs` refuses. */
export function argumentProblem(error: unknown): string {
  // It calls a value "ambiguous" that is the next option.
  const message = (error instanceof Error ? error.message : String(error)).replace("argument is ambiguous", "argument missing");
  // The first sentence names the argument. The others give advice that does not fit here.
  const [first = ""] = message.split(/\.\s/);
  return `${first.replace(/\.$/, "")}.`;
}

/** Writes `--calls -1` as `--calls=-1`, because Node takes the first form for two options, and its message names no value. */
export function withJoinedNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-[\d.]/.test(arg) && last !== undefined && /^--[a-z-]+$/.test(last)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}
