import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Lowest first: a file imports its own layer or a lower one. */
const line = ["base", "schema", "kinds", "machine", "cluster", "programs", "grader", "lab", "wire", "ui", "commands"];

/** Folders whose files are units that do not know each other; what they share is lower down or in define.ts. */
const siblings = [
  "src/kinds",
  "src/cluster/controllers",
  "src/cluster/scheduler/plugins",
  "src/cluster/apiserver/admission",
  "src/cluster/kubelet/images",
  "src/programs/text",
  "src/programs/admin",
  "src/programs/net",
  "src/programs/shell/builtins",
  "src/programs/kubectl/verbs",
  "grader/checks",
];

/** Folders with an index.ts that must list every unit of theirs. */
const lists = siblings.filter((folder) => existsSync(join(root, folder, "index.ts")));

/** Verbs that build objects of particular kinds; every other verb asks what a kind can do. */
const namesKinds = /^src\/programs\/kubectl\/verbs\/(create(-[a-z-]+)?|run|expose|autoscale)(\/|\.ts$)/;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

function posix(path: string): string {
  return relative(root, path).split(sep).join("/");
}

function read(path: string): Source {
  const text = readFileSync(path, "utf8");
  const found = text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
  return { path: posix(path), text, imports: [...found].map((m) => posix(resolve(dirname(path), m[1] ?? ""))) };
}

const sources = [join(root, "src"), join(root, "grader")].flatMap(walk).map(read);

function layerOf(path: string): string {
  const [top = "", next = ""] = path.split("/");
  return top === "src" ? next : top;
}

function broken(rule: (source: Source, imported: string) => boolean): string[] {
  return sources.flatMap((s) => s.imports.filter((i) => rule(s, i)).map((i) => `${s.path} imports ${i}`));
}

/** The unit a file belongs to: its file or subfolder right under the folder of siblings. */
function unitOf(path: string, folder: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  return path
    .slice(folder.length + 1)
    .split("/")[0]
    ?.replace(/\.tsx?$/, "");
}

/** The units of a folder: what its list imports. Everything else in it is shared by them. */
function unitsIn(folder: string): Set<string> {
  const index = sources.find((s) => s.path === `${folder}/index.ts`);
  const units = (index?.imports ?? []).filter((i) => !/\/define[^/]*\.ts$/.test(i)).map((i) => unitOf(i, folder));
  return new Set(units.filter((unit): unit is string => unit !== undefined));
}

test("imports are relative files that exist", () => {
  expect(broken((_s, i) => !existsSync(join(root, i)))).toEqual([]);
});

test("a file imports its own layer or a lower one", () => {
  const wrong = broken((s, i) => line.indexOf(layerOf(i)) > line.indexOf(layerOf(s.path)));
  expect(wrong).toEqual([]);
  expect(sources.filter((s) => !line.includes(layerOf(s.path))).map((s) => s.path)).toEqual([]);
});

test("the grader sees state, never what was typed", () => {
  expect(broken((s, i) => layerOf(s.path) === "grader" && layerOf(i) === "programs")).toEqual([]);
});

test("only the API server touches the store", () => {
  const allowed = /^src\/cluster\/(apiserver|store|etcd)\//;
  expect(
    broken((s, i) => i.startsWith("src/cluster/store/") && !allowed.test(s.path) && !/define\.ts$/.test(i)),
  ).toEqual([]);
});

test("siblings do not know each other", () => {
  const wrong = siblings.flatMap((folder) => {
    const units = unitsIn(folder);
    return broken((s, i) => {
      const [from, to] = [unitOf(s.path, folder), unitOf(i, folder)];
      return from !== undefined && to !== undefined && from !== to && units.has(from) && units.has(to);
    });
  });
  expect(wrong).toEqual([]);
});

test("every unit stands in its folder's list", () => {
  const missing = lists.flatMap((folder) => {
    const listed = unitsIn(folder);
    const units = new Set(sources.map((s) => unitOf(s.path, folder)).filter((u): u is string => u !== undefined));
    return [...units].filter((u) => isUnit(folder, u) && !listed.has(u)).map((u) => `${folder}/${u}`);
  });
  expect(missing).toEqual([]);
});

/** A file is a unit when it exports a value under its own name in camel case. */
function isUnit(folder: string, unit: string): boolean {
  const name = unit.replace(/-([a-z0-9])/g, (_all, c: string) => c.toUpperCase());
  const file = sources.find((s) => s.path === `${folder}/${unit}.ts` || s.path === `${folder}/${unit}/index.ts`);
  return (
    file !== undefined &&
    new RegExp(`export const ${name}\\b`).test(file.text) &&
    /: (Kind|Controller|SchedulerPlugin|AdmissionPlugin|Image|Program|Builtin|Verb|Check)\b/.test(file.text)
  );
}

test("no host below lab: no node modules, no Ink", () => {
  const below = sources.filter((s) => line.indexOf(layerOf(s.path)) < line.indexOf("lab"));
  expect(below.filter((s) => /from "(node:|ink|react)/.test(s.text)).map((s) => s.path)).toEqual([]);
});

test("React only in ui", () => {
  const users = sources.filter((s) => /from "(ink|react|@inkjs\/)/.test(s.text) && layerOf(s.path) !== "ui");
  expect(users.map((s) => s.path)).toEqual([]);
});

test("verbs ask what a kind can do, never what it is called", () => {
  const verbs = sources.filter((s) => s.path.startsWith("src/programs/kubectl/verbs/") && !namesKinds.test(s.path));
  const named = verbs.filter((s) =>
    /(?:kind === "(?!Status"|List"|Table")[A-Z]|(?:plural|resource) === "[a-z])[A-Za-z]*"/.test(s.text),
  );
  expect(named.map((s) => s.path)).toEqual([]);
});
