import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The packages that an embedder's `npm install vigia react react-dom` installs, with types. */
const INSTALLED = [
  "@types/node",
  "@types/react",
  "@types/react-dom",
  "csstype",
  "react",
  "react-dom",
  "scheduler",
  "undici-types",
  "valibot",
];

/** A program outside of this repository that has installed the library as npm packs it. */
export class EmbeddingApp {
  readonly folder = mkdtempSync(join(tmpdir(), "vigia-embed-"));
  /** The packed library. */
  readonly tarball: string;

  constructor() {
    run(process.execPath, ["scripts/build-lib.ts"], ROOT);
    run("npm", ["pack", "./dist/lib", "--silent", "--pack-destination", this.folder], ROOT);
    const [tarball = ""] = readdirSync(this.folder);
    this.tarball = join(this.folder, tarball);
    const installed = join(this.folder, "node_modules/vigia");
    mkdirSync(installed, { recursive: true });
    run("tar", ["-xzf", this.tarball, "--strip-components=1", "-C", installed], this.folder);
    for (const name of INSTALLED) {
      cpSync(join(ROOT, "node_modules", name), join(this.folder, "node_modules", name), { recursive: true });
    }
    cpSync(join(installed, "examples"), this.folder, { recursive: true });
    cpSync(join(installed, "vigia-client.js"), join(this.folder, "plain/vigia-client.js"));
    writeFileSync(join(this.folder, "package.json"), '{ "name": "embedder", "private": true, "type": "module" }\n');
  }

  /** Returns the compiler's errors in the app's sources and in every declaration of the library, "" for none. */
  typeErrors(moduleResolution: "bundler" | "nodenext", files: readonly string[], types: readonly string[] = []): string {
    const compilerOptions = {
      target: "ES2022",
      lib: ["ES2023", "DOM", "DOM.Iterable"],
      module: moduleResolution === "bundler" ? "ESNext" : "NodeNext",
      moduleResolution,
      jsx: "react-jsx",
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      allowImportingTsExtensions: true,
      types,
    };
    writeFileSync(join(this.folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    try {
      return run(join(ROOT, "node_modules/.bin/tsc"), ["-p", "."], this.folder);
    } catch (error) {
      return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
    }
  }

  /** Builds one of the examples as a page of its own below `dist/`. */
  async build(example: string, env: Readonly<Record<string, string>>): Promise<void> {
    const define = Object.entries(env).map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]);
    await build({
      root: join(this.folder, example),
      base: "./",
      configFile: false,
      logLevel: "error",
      define: Object.fromEntries(define),
      build: { outDir: join(this.folder, "dist", example) },
    });
  }

  /** Builds the server-rendered page for both sides, as the README says. Returns the file that starts its server. */
  async buildServer(): Promise<string> {
    for (const ssr of [false, true]) {
      const root = join(this.folder, "server");
      await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error", build: { ssr } });
    }
    return join(this.folder, "dist/server/server.js");
  }

  /** Runs a module in Node without a bundler. Returns its output. */
  runModule(source: string): string {
    const file = join(this.folder, "module.mjs");
    writeFileSync(file, source);
    return run(process.execPath, [file], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
