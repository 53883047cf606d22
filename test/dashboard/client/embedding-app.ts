import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The packages that an embedder's `npm install vigia react react-dom` installs, with types. */
const INSTALLED = [
  "@tanstack/react-virtual",
  "@tanstack/virtual-core",
  "@types/react",
  "@types/react-dom",
  "csstype",
  "react",
  "react-dom",
  "scheduler",
  "valibot",
];

/** A program outside of this repository that has installed the library as npm packs it. */
export class EmbeddingApp {
  readonly folder = mkdtempSync(join(tmpdir(), "vigia-embed-"));

  constructor() {
    run(process.execPath, ["scripts/build-lib.ts"], ROOT);
    run("npm", ["pack", "./dist/lib", "--silent", "--pack-destination", this.folder], ROOT);
    const [tarball = ""] = readdirSync(this.folder);
    const installed = join(this.folder, "node_modules/vigia");
    mkdirSync(installed, { recursive: true });
    run("tar", ["-xzf", join(this.folder, tarball), "--strip-components=1", "-C", installed], this.folder);
    for (const name of INSTALLED) {
      cpSync(join(ROOT, "node_modules", name), join(this.folder, "node_modules", name), { recursive: true });
    }
    for (const example of ["react", "board", "plain"]) {
      cpSync(join(ROOT, "examples", example), join(this.folder, example), { recursive: true });
    }
    cpSync(join(installed, "vigia-client.js"), join(this.folder, "plain/vigia-client.js"));
    writeFileSync(join(this.folder, "package.json"), '{ "name": "embedder", "private": true, "type": "module" }\n');
  }

  /** Returns the compiler's errors in the app's sources and in every declaration of the library, "" for none. */
  typeErrors(moduleResolution: "bundler" | "nodenext", files: readonly string[]): string {
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
      types: moduleResolution === "bundler" ? [join(ROOT, "node_modules/vite/client")] : [],
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
