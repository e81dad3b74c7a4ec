import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { build, type Plugin } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

interface Lazy {
  readonly lazyBanner: string;
  lazyImports(root: string, given?: Readonly<Record<string, string>>): Plugin;
}
const { lazyBanner, lazyImports } = (await import(
  pathToFileURL(join(import.meta.dirname, "../../scripts/lazy-imports.js")).href
)) as Lazy;

/** The exports of main.ts, bundled with the other files. */
async function bundled(files: Readonly<Record<string, string>>, given = {}): Promise<Record<string, unknown>> {
  const root = mkdtempSync(join(tmpdir(), "cka-lab-lazy-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const { outputFiles } = await build({
    stdin: { contents: 'module.exports = require("./main.ts");', resolveDir: root },
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
    plugins: [lazyImports(root, given)],
  });
  const text = `(function (module, require) {${lazyBanner}${outputFiles[0]?.text}})`;
  expect(text).not.toContain(root);
  const module = { exports: {} };
  runInThisContext(text)(module, createRequire(import.meta.url));
  return module.exports;
}

const noted =
  'export const noted = (globalThis as { notedByTest?: string[] }).notedByTest ?? []; noted.push("NAME");\n';
const note = (name: string) =>
  noted.replace("NAME", name).replaceAll("noted ", `noted${name} `).replace("noted.", `noted${name}.`);

function record(): string[] {
  const names: string[] = [];
  (globalThis as { notedByTest?: string[] }).notedByTest = names;
  return names;
}

test("a module is evaluated when something in it is first used, and once", async () => {
  const seen = record();
  const { sum, product } = (await bundled({
    "main.ts": `import { add } from "./add.ts"; import { Product, times } from "./times.ts";
      ${note("Main")}
      export const sum = (a: number, b: number): number => add(a, b);
      export const product = (a: number, b: number): number => new Product(times).of(a, b);`,
    "add.ts": `${note("Add")} export function add(a: number, b: number): number { return a + b; }`,
    "times.ts": `${note("Times")}
      export const times = (a: number, b: number): number => a * b;
      export class Product { how: typeof times; constructor(how: typeof times) { this.how = how; } of(a: number, b: number) { return this.how(a, b); } }`,
  })) as Record<string, (a: number, b: number) => number>;
  expect(seen).toEqual(["Main"]);
  expect([product?.(2, 3), product?.(3, 3), seen]).toEqual([6, 9, ["Main", "Times"]]);
  expect([sum?.(2, 3), seen]).toEqual([5, ["Main", "Times", "Add"]]);
});

test("what is only evaluated is evaluated at once, in its place", async () => {
  const seen = record();
  await bundled({ "main.ts": `import "./first.ts"; ${note("Main")}`, "first.ts": note("First") });
  expect(seen).toEqual(["First", "Main"]);
});

test("defaults and whole modules of node, whole modules of ours, exports of exports", async () => {
  const exports = await bundled({
    "main.ts": `import fs, { existsSync } from "node:fs"; import * as path from "node:path"; import * as numbers from "./numbers.ts";
      export { two as deux } from "./numbers.ts";
      export const same = fs.existsSync === existsSync && typeof path.join === "function";
      export const all = Object.keys(numbers).join();`,
    "numbers.ts": "export const one = 1; export const two = 2; export type Three = 3;",
  });
  expect({ ...exports }).toEqual({ deux: 2, same: true, all: "one,two" });
});

test("modules that import each other in a circle, and one with another text", async () => {
  const exports = await bundled(
    {
      "main.ts": `import { even } from "./even.ts"; import { name } from "./name.ts"; export const found = [even(7), even(8), name];`,
      "even.ts": `import { odd } from "./odd.ts"; export const even = (n: number): boolean => n === 0 || odd(n - 1);`,
      "odd.ts": `import { even } from "./even.ts"; export const odd = (n: number): boolean => n !== 0 && even(n - 1);`,
      "name.ts": `export const name = "as it stands";`,
    },
    { "name.ts": 'exports.name = "given";' },
  );
  expect(exports.found).toEqual([false, true, "given"]);
});
