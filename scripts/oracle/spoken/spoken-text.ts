import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Tools that Debian has under other names than their packages. */
const PACKAGES: Readonly<Record<string, string>> = { mkvmerge: "mkvtoolnix", "gst-launch-1.0": "gstreamer1.0-tools" };

/** Returns the line that says which of the tools are missing and how to install them, or null when all are here. */
export function missingTools(...tools: readonly string[]): string | null {
  const missing = tools.filter((tool) => spawnSync("which", [tool]).status !== 0);
  if (missing.length === 0) return null;
  return `skipped: ${missing.join(", ")} missing. Run: apt-get install ${missing.map((tool) => PACKAGES[tool] ?? tool).join(" ")}`;
}

/** Runs a tool to its end. @throws Error with the end of its output when it fails */
export function runTool(command: string, ...args: readonly string[]): void {
  const result: SpawnSyncReturns<Buffer> = spawnSync(command, args, { maxBuffer: 256 * 1024 * 1024 });
  if (result.status === 0) return;
  throw new Error(`${command} ended with ${result.status}: ${`${result.stdout}${result.stderr}`.slice(-400)}`);
}

/** Speaks a text. Returns 16-bit PCM, 8 kHz, mono, and leaves it as `<name>.wav` in the folder. */
export function speakText(folder: string, voice: string, text: string, name: string = randomUUID()): Buffer {
  const file = (ending: string) => join(folder, `${name}${ending}`);
  const [original, wav, raw] = [file("-original.wav"), file(".wav"), file(".raw")];
  runTool("espeak-ng", "-v", voice, "-s", "150", "-w", original, text);
  runTool("ffmpeg", "-v", "error", "-y", "-i", original, "-ar", "8000", "-ac", "1", "-c:a", "pcm_s16le", wav);
  runTool("ffmpeg", "-v", "error", "-y", "-i", wav, "-f", "s16le", raw);
  return readFileSync(raw);
}
