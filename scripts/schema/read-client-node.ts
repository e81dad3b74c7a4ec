import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageOf } from "./read-go-types.ts";

export interface ClientField {
  readonly required: boolean;
  readonly text: string;
}
export interface ClientType {
  readonly text: string;
  readonly fields: ReadonlyMap<string, ClientField>;
}

/** client-node's classes by full type name: which fields there are, which are required, and their texts. */
export function readClientNode(folder: string, names: readonly string[]): Map<string, ClientType> {
  const models = join(folder, "dist/gen/models");
  const types = new Map<string, ClientType>();
  for (const name of names) {
    const file = classNames(name)
      .map((c) => join(models, c))
      .find((f) => existsSync(`${f}.d.ts`));
    if (file) types.set(name, readClass(readFileSync(`${file}.d.ts`, "utf8"), readFileSync(`${file}.js`, "utf8")));
  }
  return types;
}

/** The classes that may stand for a type: with its group where the plain name is ambiguous, else V1Pod. */
function classNames(full: string): string[] {
  const type = full.slice(full.lastIndexOf(".") + 1);
  const [group = "", version = ""] = packageOf(full).split(".").slice(-2);
  const v = capital(version);
  return [`${capital(group)}${v}${type}`, `${v}${type}`];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function readClass(declaration: string, code: string): ClientType {
  const fields = new Map<string, ClientField>();
  const inJson = new Map<string, string>();
  for (const m of code.matchAll(/"name": "([^"]+)",\s*"baseName": "([^"]+)"/g)) inJson.set(m[1] ?? "", m[2] ?? "");
  for (const m of declaration.matchAll(/(?:\/\*\*\n((?: +\*[^\n]*\n)*?) +\*\/\n)? {4}'([^']+)'(\??):/g)) {
    const name = inJson.get(m[2] ?? "");
    if (name === undefined) throw new Error(`client-node: no baseName of ${m[2]}`);
    fields.set(name, { required: m[3] === "", text: clean(m[1] ?? "") });
  }
  const text = /\/\*\*\n((?:\*[^\n]*\n)*?)\*\/\nexport declare class/.exec(declaration)?.[1] ?? "";
  return { text: clean(text), fields };
}

function clean(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^ *\* ?/, ""))
    .join("\n")
    .trim()
    .replaceAll("\\'", "'")
    .replaceAll('\\"', '"');
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** The group-versions of general availability, from the REST paths: what a default server serves. */
export function servedGroupVersions(folder: string): GroupVersion[] {
  const apis = join(folder, "dist/gen/apis");
  const found: GroupVersion[] = [];
  for (const file of readdirSync(apis)) {
    if (!/V\d+Api\.js$/.test(file)) continue;
    const path = /localVarPath = '\/(?:api|apis\/([^/']+))\/(v\d+)\//.exec(readFileSync(join(apis, file), "utf8"));
    if (!path) continue;
    found.push({ group: path[1] ?? "", version: path[2] ?? "" });
  }
  return found;
}
