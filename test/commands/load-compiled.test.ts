import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cacheFolder, loadCompiled } from "../../src/commands/load-compiled.ts";

let folder = "";
let cache = "";
let bundle = "";

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), "cka-lab-compiled-"));
  cache = join(folder, "cache");
  bundle = join(folder, "sum-0A1B2C3D.js");
  // V8 remembers by the text what it compiled in this process: each test has a text of its own.
  writeFileSync(
    bundle,
    `// ${folder}
(function (module, require, load, path) { module.exports = { sum: (a, b) => a + b, path, other: require("x") }; })`,
  );
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

interface Exports {
  sum(a: number, b: number): number;
  readonly path: string;
  readonly other: string;
}

function load(into: string | undefined = cache): Exports {
  const exports = loadCompiled(
    bundle,
    (name) => `required ${name}`,
    async () => undefined,
    into,
  ) as Exports;
  expect(exports.sum(1, 2)).toBe(3);
  vi.runAllTimers();
  return exports;
}

const name = `sum-0A1B2C3D.js.${process.version}-${process.arch}`;

test("evaluates a bundle and keeps what was compiled of it, once", () => {
  expect(load()).toMatchObject({ path: bundle, other: "required x" });
  expect(readdirSync(cache)).toEqual([name]);
  const before = readFileSync(join(cache, name));
  expect(before.length).toBeGreaterThan(100);
  load();
  expect(readFileSync(join(cache, name))).toEqual(before);
});

test("what a long run compiled after a while is kept at its end", () => {
  let atEnd: () => void = () => {};
  const listen = vi.spyOn(process, "on").mockImplementation((event, listener) => {
    if (event === "exit") atEnd = listener as () => void;
    return process;
  });
  const size = vi.spyOn(process.getBuiltinModule("node:v8"), "getHeapCodeStatistics");
  const compiled = (bytes: number) => size.mockReturnValue({ bytecode_and_metadata_size: bytes } as never);
  compiled(100_000);
  writeFileSync(
    bundle,
    `// ${folder}
(function (module) { module.exports = { sum: (a, b) => a + b, later: () => (() => ${"1 + ".repeat(400)}1)() }; })`,
  );
  const { later } = load() as unknown as { later(): number };
  const before = readFileSync(join(cache, name)).length;
  expect(later()).toBe(401);
  compiled(101_000);
  atEnd();
  expect(readFileSync(join(cache, name)).length).toBe(before);
  compiled(200_000);
  atEnd();
  expect(readFileSync(join(cache, name)).length).toBeGreaterThan(before);
  listen.mockRestore();
  size.mockRestore();
});

test("what V8 does not take is replaced", () => {
  mkdirSync(cache);
  writeFileSync(join(cache, name), "not compiled code");
  load();
  expect(readFileSync(join(cache, name)).length).toBeGreaterThan(100);
});

test("the same bundle of another build is removed, nothing else", () => {
  mkdirSync(cache);
  const others = [`sum-00000000.js.v0.0.0-${process.arch}`, `other-00000000.js.${process.version}-${process.arch}`];
  for (const other of [...others, `sum-00000000.js.${process.version}-${process.arch}`])
    writeFileSync(join(cache, other), "");
  load();
  expect(readdirSync(cache).sort()).toEqual([...others, name].sort());
});

test("where nothing can be kept, it runs all the same", () => {
  writeFileSync(cache, "a file where the folder should be");
  load();
  expect(readFileSync(cache, "utf8")).toBe("a file where the folder should be");
});

test.skipIf(process.getuid?.() === 0)("a folder that nobody may write to stays as it is", () => {
  mkdirSync(cache);
  chmodSync(cache, 0o500);
  load();
  expect(readdirSync(cache)).toEqual([]);
});

test("compiled code is kept where each system keeps what may be lost", () => {
  const of = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = "linux") => cacheFolder(env, platform);
  expect(of({ HOME: "/home/ann" })).toBe("/home/ann/.cache/cka-lab");
  expect(of({ HOME: "/home/ann", XDG_CACHE_HOME: "/var/tmp/ann" })).toBe("/var/tmp/ann/cka-lab");
  expect(of({ HOME: "/home/ann", XDG_CACHE_HOME: "relative" })).toBe("/home/ann/.cache/cka-lab");
  expect(of({ HOME: "/Users/ann" }, "darwin")).toBe("/Users/ann/Library/Caches/cka-lab");
  expect(of({ HOME: "/home/ann", CKA_LAB_HOME: "/srv/lab" })).toBe("/srv/lab/cache");
  expect(of({})).toBeUndefined();
  expect(of({ HOME: "/home/ann", NODE_DISABLE_COMPILE_CACHE: "1" })).toBeUndefined();
});
