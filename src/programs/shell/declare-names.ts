import type { Task } from "../../machine/define.ts";
import { indexOf } from "./arithmetic-scope.ts";
import type { ArrayArguments, ExpandedElement } from "./define.ts";
import { attributesOf, declarationOf } from "./expand/declaration.ts";
import { fillArray } from "./fill-array.ts";
import { functionText } from "./function-text.ts";
import { Problem } from "./problem.ts";
import type { Shell } from "./shell.ts";
import { IndexedArray, type Variable } from "./variable.ts";

export interface Declaration {
  /** declare, typeset, local, export or readonly: for messages and listings. */
  readonly command: string;
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  /** Whether names become locals of the running function. */
  readonly local: boolean;
  readonly names: readonly string[];
  readonly arrays: ArrayArguments;
  /** The place of the first name among the arguments. */
  readonly from: number;
}

/** Gives names attributes and values, or lists them: what declare, local, export and readonly have in common. */
export function* declare(shell: Shell, given: Declaration): Task<number> {
  const { on, names } = given;
  if (on.has("f") || on.has("F")) return yield* functions(shell, given);
  if (names.length === 0) return yield* list(shell, given);
  if (on.has("p")) return yield* print(shell, given);
  let status = 0;
  for (const [i, text] of names.entries()) {
    try {
      status = (yield* one(shell, given, text, given.arrays.get(given.from + i))) || status;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const own =
        error.message.includes("readonly variable") && (given.command === "export" || given.command === "readonly");
      yield* shell.complain(own ? error.message : `${given.command}: ${error.message}`);
      status = 1;
    }
  }
  return status;
}

const form = /^([A-Za-z_]\w*)(?:\[([^\]]*(?:\][^=]*?)*)\])?(\+?=)?([\s\S]*)$/;

function* one(
  shell: Shell,
  given: Declaration,
  text: string,
  elements: readonly ExpandedElement[] | undefined,
): Task<number> {
  const match = form.exec(text);
  const [, name = "", subscript, equals, value = ""] = match ?? [];
  if (!match || (equals === undefined && value !== "")) {
    yield* shell.complain(`${given.command}: \`${text}': not a valid identifier`);
    return 1;
  }
  const { vars } = shell;
  if (given.local) vars.makeLocal(name, given.on.has("I"));
  const variable = attributed(shell, given, name, subscript !== undefined || elements !== undefined);
  const append = equals === "+=";
  if (elements) fillArray(shell, given.on.has("n") ? name : vars.target(name), elements, append);
  else if (equals !== undefined) assign(shell, given, variable, name, subscript, value, append);
  if (given.on.has("r")) variable.readonly = true;
  shell.changed(name);
  return 0;
}

function assign(
  shell: Shell,
  given: Declaration,
  variable: Variable,
  name: string,
  subscript: string | undefined,
  value: string,
  append: boolean,
): void {
  const { vars } = shell;
  if (given.on.has("n")) {
    if (!/^[A-Za-z_]\w*(\[.*\])?$/s.test(value))
      throw new Problem(`\`${value}': invalid variable name for name reference`);
    if (value === name) throw new Problem(`${name}: nameref variable self references not allowed`);
    variable.value = value;
  } else if (subscript !== undefined) {
    if (variable.assoc) vars.setKey(name, subscript.replace(/^(["'])(.*)\1$/s, "$2"), value, append);
    else vars.setAt(name, indexOf(subscript, shell.scope), value, append);
  } else if (variable.array && !variable.assoc) vars.setAt(name, 0, value, append);
  else vars.set(name, value, append);
}

/** Makes the variable and sets the attributes that are asked for. */
function attributed(shell: Shell, { on, off }: Declaration, name: string, array: boolean): Variable {
  const { vars } = shell;
  const key = on.has("n") || off.has("n") ? name : vars.target(name);
  const known = vars.all.get(key);
  const variable: Variable = known ?? { value: vars.dynamic.has(key) ? vars.get(key) : undefined };
  vars.all.set(key, variable);
  if (variable.readonly && (off.has("r") || [...on].some((letter) => "aAilun".includes(letter))))
    throw new Problem(`${name}: readonly variable`);
  if (on.has("A")) {
    if (variable.array) throw new Problem(`${name}: cannot convert indexed to associative array`);
    variable.assoc ??= new Map(variable.value === undefined ? [] : [["0", variable.value]]);
    variable.value = undefined;
  } else if (on.has("a") || (array && !variable.assoc && !variable.array)) {
    if (variable.assoc) throw new Problem(`${name}: cannot convert associative to indexed array`);
    variable.array ??= IndexedArray.of(variable.value === undefined ? [] : [variable.value]);
    variable.value = undefined;
  }
  if (on.has("i") || off.has("i")) variable.integer = on.has("i");
  if (on.has("x") || off.has("x")) variable.exported = on.has("x");
  if (on.has("n") || off.has("n")) variable.nameref = on.has("n");
  if (on.has("l")) variable.change = "lower";
  if (on.has("u")) variable.change = "upper";
  if (off.has("l") || off.has("u")) variable.change = undefined;
  return variable;
}

/** Which variables a listing with these attributes shows. */
function matching(shell: Shell, { on, local }: Declaration, onlyLocal: boolean): [string, Variable][] {
  const wanted = [..."aAinrxlu"].filter((letter) => on.has(letter));
  return [...shell.vars.all]
    .filter(([, variable]) => wanted.every((letter) => attributesOf(variable).includes(letter)))
    .filter(([, variable]) => !onlyLocal || (local && variable.local === shell.vars.depth))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function* list(shell: Shell, given: Declaration): Task<number> {
  const all = given.on.size > 0;
  const entries = matching(shell, given, given.command === "local");
  const lines = entries
    .filter(([, variable]) => all || variable.value !== undefined || variable.array || variable.assoc)
    .map(
      ([name, variable]) => `${declarationOf(name, variable, all || given.command === "local" ? "declare" : "set")}\n`,
    );
  return yield* shell.out(given.command, lines.join(""));
}

function* print(shell: Shell, given: Declaration): Task<number> {
  let status = 0;
  for (const name of given.names) {
    const made = shell.vars.all.has(name) ? undefined : shell.vars.made(name);
    const variable =
      shell.vars.all.get(name) ??
      (made === undefined
        ? undefined
        : typeof made === "string"
          ? { value: made }
          : { value: undefined, array: IndexedArray.of(made) });
    if (variable) yield* shell.out(given.command, `${declarationOf(name, variable, "declare")}\n`);
    else {
      yield* shell.complain(`${given.command}: ${name}: not found`);
      status = 1;
    }
  }
  return status;
}

function* functions(shell: Shell, given: Declaration): Task<number> {
  const namesOnly = given.on.has("F");
  let status = 0;
  if (given.names.length === 0) {
    const all = [...shell.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return yield* shell.out(
      given.command,
      all.map((known) => (namesOnly ? `declare -f ${known.name}\n` : functionText(known))).join(""),
    );
  }
  for (const name of given.names) {
    const known = shell.functions.get(name);
    if (!known) status = 1;
    else if (given.on.has("x") && !given.on.has("p")) shell.functions.set(name, { ...known, exported: true });
    else if (given.on.has("r")) shell.readonlyFunctions.add(name);
    else yield* shell.out(given.command, namesOnly ? `${name}\n` : functionText(known));
  }
  return status;
}
