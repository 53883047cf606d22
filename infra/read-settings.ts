import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Deployment, EXAMPLE_ACCOUNT, parseSettingsFile } from "./settings-file.ts";
import type { Stage } from "./stages.ts";

/** The one reader of the deployer's settings. Every deployment command and the CDK application use it. */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SETTINGS_FILE = "vigia.config.json";
/** The committed example: settings that work for every command without an account. */
export const EXAMPLE_FILE = "vigia.config.example.json";

export type SettingsOnDisk =
  | { ok: true; file: string; path: string; deployments: Deployment[]; stages: Stage[] }
  | { ok: false; message: string };

/**
 * Reads the settings: the file `given` (`--config`, `-c config=`), else the file that `VIGIA_CONFIG` names, else
 * `vigia.config.json`. Relative names start at the root of the project.
 */
export function readSettings(given: string | undefined, environment: NodeJS.ProcessEnv, root = ROOT): SettingsOnDisk {
  const old = oldSettings(root);
  if (old !== null) return { ok: false, message: old };
  const named = given ?? (environment["VIGIA_CONFIG"] || SETTINGS_FILE);
  const path = isAbsolute(named) ? named : join(root, named);
  const inside = relative(root, path);
  const file = inside.startsWith("..") || isAbsolute(inside) ? path : inside;
  if (!existsSync(path)) return { ok: false, message: missingFile(file) };
  if (!statSync(path).isFile()) return { ok: false, message: `${file} is no file. Correct --config or VIGIA_CONFIG.` };
  const text = readText(path);
  if (!text.ok) return { ok: false, message: `${file} ${text.problem}` };
  const content = parseJson(text.value);
  if (!content.ok) return { ok: false, message: `${file} is not valid JSON${content.place}. Correct it (docs/deploy.md).` };
  const parsed = parseSettingsFile(content.value);
  if (parsed.ok) return { ok: true, file, path, deployments: parsed.deployments, stages: parsed.stages };
  const problems = parsed.problems.map((problem) => `  ${problem}`);
  return { ok: false, message: [`${file} has problems. Correct them (docs/deploy.md):`, ...problems].join("\n") };
}

/** Returns whether a command without `--config` finds settings: their file, or a file that the environment names. */
export function hasSettings(environment: NodeJS.ProcessEnv, root = ROOT): boolean {
  return (environment["VIGIA_CONFIG"] ?? "") !== "" || existsSync(join(root, SETTINGS_FILE));
}

/** Whether the settings are the committed example, which commands without any account may show. */
export function isCommittedExample(path: string): boolean {
  return path === join(ROOT, EXAMPLE_FILE);
}

/** Returns why nothing may run for these settings, or null. */
export function exampleRefusal(file: string, deployments: readonly Deployment[]): string | null {
  if (deployments.every(({ instance }) => instance.account !== EXAMPLE_ACCOUNT)) return null;
  return (
    `${file} names the account ${EXAMPLE_ACCOUNT}, which is an example. ` +
    `Write your own settings into ${SETTINGS_FILE} (docs/deploy.md, step 2).`
  );
}

/** The sentence for settings of the first release, which the CDK would still merge into its context. */
export const MOVED = `The settings have moved from the CDK context "vigia" to "instances" in ${SETTINGS_FILE} (docs/deploy.md, step 2).`;

function missingFile(file: string): string {
  if (file !== SETTINGS_FILE) return `The settings file ${file} does not exist. Correct --config or VIGIA_CONFIG.`;
  return (
    `There is no ${SETTINGS_FILE}. Copy ${EXAMPLE_FILE} to ${SETTINGS_FILE} and change what is yours (docs/deploy.md, step 2). ` +
    `To look at the example without an account, run npm run synth -- --config ${EXAMPLE_FILE}.`
  );
}

/** Returns what is wrong with the files of the CDK. `config` there would lead the CDK to other settings than our commands. */
function oldSettings(root: string): string | null {
  const files: [name: string, path: string, inContext: boolean][] = [
    ["cdk.json", join(root, "cdk.json"), true],
    ["cdk.context.json", join(root, "cdk.context.json"), false],
    ["~/.cdk.json", join(homedir(), ".cdk.json"), true],
  ];
  for (const [name, path, inContext] of files) {
    const text = existsSync(path) ? readText(path) : null;
    const content = text?.ok ? parseJson(text.value) : null;
    const whole = content?.ok === true ? content.value : null;
    const context = inContext ? Object(whole).context : whole;
    if (typeof context !== "object" || context === null) continue;
    if ("vigia" in context) return `${MOVED} Move them, and remove "vigia" from ${name}.`;
    if ("config" in context) return `${name} sets "config", which only the CDK reads. Set VIGIA_CONFIG instead.`;
  }
  return null;
}

type ReadText = { ok: true; value: string } | { ok: false; problem: string };

/** Reads a text file. Another encoding would put wrong letters into names without a word. */
function readText(path: string): ReadText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    return { ok: false, problem: `cannot be read${code}. Let your user read it.` };
  }
  if (isUtf8(bytes)) return { ok: true, value: bytes.toString("utf8") };
  return { ok: false, problem: "is not UTF-8. Save it again in that encoding." };
}

type ParsedJson = { ok: true; value: unknown } | { ok: false; place: string };

/** Parses JSON. Editors on Windows may write a byte order mark, which JSON.parse refuses. */
function parseJson(text: string): ParsedJson {
  const plain = text.replace(/^\uFEFF/, "");
  try {
    return { ok: true, value: JSON.parse(plain) };
  } catch (error) {
    const position = faultIn(plain, error instanceof SyntaxError ? error.message : "");
    return { ok: false, place: position === null ? "" : ` in line ${plain.slice(0, position).split("\n").length}` };
  }
}

/**
 * Returns the position of the fault. V8 says it as a number, or quotes the text from ten characters before the fault (Node 24).
 * The quoted text itself is not shown to anybody.
 */
function faultIn(text: string, message: string): number | null {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const quoted = /\.\.\."(.+)"(?:\.\.\.)? is not valid JSON$/s.exec(message)?.[1];
  return quoted === undefined ? null : text.indexOf(quoted) + 10;
}
