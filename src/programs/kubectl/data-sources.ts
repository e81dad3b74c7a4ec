import { bytesOf } from "../../base/text-bytes.ts";
import { Errno } from "../../machine/define.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Context } from "./context.ts";
import { CommandFault } from "./faults.ts";
import { csvFlag, listFlag } from "./flag-types.ts";

/** --from-file, --from-literal and --from-env-file of ConfigMaps and Secrets. */
export const dataFlags = {
  "from-env-file": csvFlag("A file with lines of the form KEY=VALUE."),
  "from-file": csvFlag("A file, with another key than its name as key=file; or a folder of files."),
  "from-literal": listFlag("A key and its value, as key=value."),
};

interface DataValues {
  readonly "from-env-file": readonly string[];
  readonly "from-file": readonly string[];
  readonly "from-literal": readonly string[];
}

/** How a kind words what is wrong with a key. */
export interface DataWords {
  badKey(key: string, problems: readonly string[]): string;
  doubleKey(key: string): string;
}

/** What goes wrong with the flags alone. */
export function dataFlagsProblem(values: DataValues): string | undefined {
  const mixed = values["from-file"].length > 0 || values["from-literal"].length > 0;
  return values["from-env-file"].length > 0 && mixed
    ? "from-env-file cannot be combined with from-file or from-literal"
    : undefined;
}

/** The keys and their texts, in the order in which kubectl takes them: files, literals, env files. */
export function dataOf(context: Context, values: DataValues, words: DataWords): ReadonlyMap<string, string> {
  const data = new Map<string, string>();
  const add = (key: string, text: string) => {
    const problems = keyProblems(key);
    if (problems.length > 0) throw new CommandFault(words.badKey(key, problems));
    if (data.has(key)) throw new CommandFault(words.doubleKey(key));
    data.set(key, text);
  };
  for (const source of values["from-file"]) fromFile(context, source, add);
  for (const literal of values["from-literal"]) {
    const equals = literal.indexOf("=");
    if (equals <= 0) throw new CommandFault(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), literal.slice(equals + 1));
  }
  for (const path of values["from-env-file"]) fromEnvFile(context, path, add);
  return data;
}

/** Whether a text is UTF-8 through and through. */
export function isText(text: string): boolean {
  return !/[\udc80-\udcff]/.test(text) || !/(?<![\ud800-\udbff])[\udc80-\udcff]/.test(text);
}

/** The key of --from-file=[key=]path, and the path (generate.ParseFileSource). */
export function fileSource(source: string): { readonly key: string | undefined; readonly path: string } {
  const parts = source.split("=");
  const [first = "", second = ""] = parts;
  if (parts.length === 1) return { key: undefined, path: first };
  if (parts.length > 2) throw new CommandFault("key names or file paths cannot contain '='");
  if (first === "") throw new CommandFault(`key name for file path ${second} missing`);
  if (second === "") throw new CommandFault(`file path for key name ${first} missing`);
  return { key: first, path: second };
}

function fromFile(context: Context, source: string, add: (key: string, text: string) => void): void {
  const { key, path } = fileSource(source);
  if (kindOfFile(context, path) !== "directory") {
    add(key ?? baseName(path), context.readFile(path));
    return;
  }
  if (key !== undefined) throw new CommandFault("cannot give a key name for a directory path");
  const { files } = context.proc.machine;
  const { credentials } = context.proc;
  for (const name of files.list(pathOf(context.proc, path), credentials)) {
    const inner = `${path.replace(/\/$/, "")}/${name}`;
    if (files.stat(pathOf(context.proc, inner), credentials, { follow: false }).kind === "file")
      add(name, context.readFile(inner));
  }
}

function fromEnvFile(context: Context, path: string, add: (key: string, text: string) => void): void {
  if (kindOfFile(context, path) === "directory") throw new CommandFault("env config file cannot be a directory");
  for (const [i, line] of context.readFile(path).split(/\r?\n/).entries()) {
    const text = (i === 0 ? line.replace(/^\ufeff/, "") : line).trimStart();
    if (!isText(text))
      throw new CommandFault(`env file ${path} contains invalid utf8 bytes at line ${i + 1}: ${[...bytesOf(line)]}`);
    if (text === "" || text.startsWith("#")) continue;
    const equals = text.indexOf("=");
    const key = equals < 0 ? text : text.slice(0, equals);
    const problems = envNameProblems(key);
    if (problems.length > 0) throw new CommandFault(`"${key}" is not a valid key name: ${problems.join(";")}`);
    add(key, equals < 0 ? (context.proc.env.get(key) ?? "") : text.slice(equals + 1));
  }
}

function kindOfFile({ proc }: Context, path: string): string {
  try {
    return proc.machine.files.stat(pathOf(proc, path), proc.credentials).kind;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new CommandFault(`error reading ${path}: ${error.message.toLowerCase()}`);
  }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) || "/";
}

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const envRule =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start " +
  "with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is " +
  "'[-._a-zA-Z][-._a-zA-Z0-9]*')";

/** What is wrong with a key (validation.IsConfigMapKey, 1.33). */
function keyProblems(key: string): readonly string[] {
  const problems: string[] = [];
  if (key.length > 253) problems.push("must be no more than 253 characters");
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push(keyRule);
  return [...problems, ...dotProblems(key)];
}

/** What is wrong with the name of an environment variable (validation.IsEnvVarName, 1.33). */
export function envNameProblems(name: string): readonly string[] {
  return [...(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) ? [] : [envRule]), ...dotProblems(name)];
}

function dotProblems(key: string): readonly string[] {
  if (key === ".") return ["must not be '.'"];
  if (key === "..") return ["must not be '..'"];
  return key.startsWith("..") ? ["must not start with '..'"] : [];
}
