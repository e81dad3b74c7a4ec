import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Texts by "type" and "type#field". */
export type Texts = Map<string, string>;

/** The texts of cdk8s-plus: every one names its field with `@schema`. */
export function readCdk8s(folder: string): Texts {
  const texts: Texts = new Map();
  const source = readFileSync(join(folder, "lib/imports/k8s.d.ts"), "utf8");
  for (const m of source.matchAll(/\/\*\*\n((?: *\*[^\n]*\n)*?) *\* @schema ([^\n]+)\n *\*\//g)) {
    const lines = (m[1] ?? "").split("\n").map((line) => line.replace(/^ *\* ?/, ""));
    const tag = lines.findIndex((line) => line.startsWith("@default"));
    const text = (tag < 0 ? lines : lines.slice(0, tag)).join("\n").trim();
    const name = m[2] ?? "";
    if (text !== "" && !texts.has(name)) texts.set(name, text);
  }
  return texts;
}

/** The texts of kubernetes-types; its folders are the API groups. */
export function readKubernetesTypes(folder: string, packages: readonly string[]): Texts {
  const texts: Texts = new Map();
  for (const name of packages) {
    const [group = "", version = ""] = name.split(".").slice(-2);
    const file = [join(folder, group, `${version}.d.ts`), join(folder, `${version}.d.ts`)].find((f) => existsSync(f));
    if (!file) continue;
    for (const found of interfaces(file)) {
      texts.set(`${name}.${found.name}`, found.text);
      for (const field of found.fields) texts.set(`${name}.${found.name}#${field.name}`, field.text);
    }
  }
  return texts;
}

export interface Models {
  readonly texts: Texts;
  /** type#field → values */
  readonly enums: Map<string, readonly string[]>;
}

/** Texts and enums of kubernetes-models; `names` are the full type names, which its aliases spell without dots. */
export function readKubernetesModels(folder: string, names: readonly string[]): Models {
  const models: Models = { texts: new Map(), enums: new Map() };
  const aliases = new Map(names.map((name) => [`IIo${aliasOf(name)}`, name]));
  for (const file of declarations(folder)) {
    const source = readFileSync(file, "utf8");
    const named = new Map<string, string>();
    for (const m of source.matchAll(/\b(I\w+) as (IIo\w+)/g)) {
      const full = aliases.get(m[2] ?? "");
      if (full) named.set(m[1] ?? "", full);
    }
    for (const found of interfaces(file)) {
      const full = named.get(found.name) ?? aliases.get(found.name);
      if (!full) continue;
      models.texts.set(full, found.text);
      for (const field of found.fields) {
        models.texts.set(`${full}#${field.name}`, field.text);
        if (field.values.length > 0) models.enums.set(`${full}#${field.name}`, field.values);
      }
    }
  }
  return models;
}

/** io.k8s.api.core.v1.Pod → K8sApiCoreV1Pod */
function aliasOf(full: string): string {
  return full
    .split(/[.-]/)
    .slice(1)
    .map((w) => w.charAt(0).toUpperCase() + w.slice(1))
    .join("");
}

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((f) => f.endsWith(".d.ts") && !f.endsWith("index.d.ts"))
    .sort()
    .map((f) => join(folder, f));
}

interface Interface {
  readonly name: string;
  readonly text: string;
  readonly fields: readonly { readonly name: string; readonly text: string; readonly values: readonly string[] }[];
}

function interfaces(file: string): Interface[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((s) => ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s))
    .map((i) => ({
      name: i.name.text,
      text: commentOf(i, source),
      fields: ts.isInterfaceDeclaration(i) ? fieldsOf(i, source) : [],
    }));
}

function fieldsOf(declaration: ts.InterfaceDeclaration, source: ts.SourceFile): Interface["fields"] {
  return declaration.members.filter(ts.isPropertySignature).map((p) => ({
    name: ts.isStringLiteral(p.name) || ts.isIdentifier(p.name) ? p.name.text : "",
    text: commentOf(p, source),
    values: valuesOf(p.type),
  }));
}

function valuesOf(type: ts.TypeNode | undefined): string[] {
  const parts = type && ts.isUnionTypeNode(type) ? type.types : type ? [type] : [];
  const values: string[] = [];
  for (const part of parts) {
    if (!ts.isLiteralTypeNode(part) || !ts.isStringLiteral(part.literal)) return [];
    values.push(part.literal.text);
  }
  return values;
}

function commentOf(node: ts.Node, source: ts.SourceFile): string {
  const range = ts.getLeadingCommentRanges(source.text, node.getFullStart())?.at(-1);
  if (!range) return "";
  return source.text
    .slice(range.pos, range.end)
    .replace(/^\/\*\*?/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^ *\* ?/, ""))
    .join("\n")
    .replaceAll("*\\/", "*/")
    .replaceAll("\\*", "*")
    .replace(/\n@deprecated\b[\s\S]*$/, "")
    .trim();
}
