// `npm run build:lib` builds the package that other programs embed, in dist/lib. It has modules with declarations, the board's
// style sheets, and the client as one file for a page without a bundler.
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import * as v from "valibot";
import { exitCodeOf, ROOT, runStep } from "./steps.ts";

const OUT = join(ROOT, "dist/lib");
const STYLES = "dashboard/board/styles";

const manifestSchema = v.object({
  name: v.string(),
  version: v.string(),
  description: v.string(),
  license: v.string(),
  exports: v.record(v.string(), v.union([v.string(), v.record(v.string(), v.string())])),
  dependencies: v.record(v.string(), v.string()),
});

/** The embedding page has its own React. A page with only the client needs none. */
const PEERS: Readonly<Record<string, string>> = { react: ">=18", "react-dom": ">=18" };

/** The examples for a page or a program that has installed the package. Its README links them. */
const EXAMPLES = ["examples/{board,plain,react,server}/*.*", "examples/*.{js,mjs}", "examples/ticket-endpoint.ts"];

rmSync(OUT, { recursive: true, force: true });
const emitted = await runStep({ name: "library modules", command: "tsc", args: ["-p", "tsconfig.lib.json"] });
process.exitCode = exitCodeOf([emitted]);
if (emitted.ok) {
  for (const file of globSync("**/*.{js,d.ts}", { cwd: OUT })) rewrite(join(OUT, file));
  for (const file of globSync(`${STYLES}/*.css`, { cwd: ROOT })) copy(file, file);
  copy("LICENSE", "LICENSE");
  for (const file of globSync(EXAMPLES, { cwd: ROOT })) copy(file, file);
  writeFileSync(
    join(OUT, "README.md"),
    readFileSync(join(ROOT, "docs/embed.md"), "utf8").replaceAll("](../examples/", "](examples/"),
  );
  await build({
    entryPoints: [join(ROOT, "dashboard/client/standalone.ts")],
    outfile: join(OUT, "vigia-client.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  // TypeScript refuses to import a style sheet that has no declaration (TS2882).
  writeFileSync(join(OUT, "board.css.d.ts"), "export {};\n");
  writeFileSync(join(OUT, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/**
 * Corrects the imports of one emitted file. tsc leaves `.ts` in the imports of declarations. A server without a bundler cannot
 * load a module that imports a style sheet, so embedders import the board's style sheet themselves.
 */
function rewrite(file: string): void {
  const text = readFileSync(file, "utf8");
  const changed = text.replace(/((?:\bfrom |\bimport\()\s*"\.[^"]*)\.tsx?"/g, '$1.js"').replace(/^import "[^"]+\.css";\n/gm, "");
  if (changed !== text) writeFileSync(file, changed);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(join(OUT, to)), { recursive: true });
  cpSync(join(ROOT, from), join(OUT, to));
}

/** Returns the manifest of the package: the project's own, with only the dependencies of the library. */
function manifest(): Record<string, unknown> {
  const root = v.parse(v.pipe(v.string(), v.parseJson(), manifestSchema), readFileSync(join(ROOT, "package.json"), "utf8"));
  const imported = importedPackages();
  const dependencies = imported.filter((name) => !(name in PEERS)).map((name) => [name, rangeOf(name, root.dependencies)]);
  const peers = Object.keys(PEERS).filter((name) => imported.includes(name));
  return {
    name: root.name,
    version: root.version,
    description: root.description,
    license: root.license,
    type: "module",
    sideEffects: ["**/*.css"],
    exports: JSON.parse(JSON.stringify(root.exports).replaceAll('"./dist/lib/', '"./')),
    dependencies: Object.fromEntries(dependencies),
    peerDependencies: Object.fromEntries(peers.map((name) => [name, PEERS[name]])),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
  };
}

function rangeOf(name: string, dependencies: Readonly<Record<string, string>>): string {
  const version = dependencies[name];
  if (version === undefined)
    throw new Error(`The library imports ${name}, but package.json lists no such dependency. Run npm install ${name}.`);
  return `^${version}`;
}

/** Returns the packages that the emitted modules and their declarations import. */
function importedPackages(): string[] {
  const names = globSync("{dashboard,protocol}/**/*.{js,d.ts}", { cwd: OUT }).flatMap((file) =>
    [...readFileSync(join(OUT, file), "utf8").matchAll(/^(?:import|export) [^"]*\bfrom "([^".][^"]*)";$/gm)].map(
      ([, name = ""]) =>
        name
          .split("/")
          .slice(0, name.startsWith("@") ? 2 : 1)
          .join("/"),
    ),
  );
  return [...new Set(names)].sort();
}
