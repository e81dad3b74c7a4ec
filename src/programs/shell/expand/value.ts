import { indexOf } from "../arithmetic-scope.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import { keysInOrder } from "../variable.ts";

/** What a parameter stands for: one text, or several for `@` and `*`. */
export type Value =
  | { readonly type: "one"; readonly text: string | undefined }
  | {
      readonly type: "many";
      readonly texts: readonly string[];
      readonly star: boolean;
      readonly keys?: readonly (string | number)[];
    };

/** In bash's order; `interactive` is no option of set. */
const flagLetters: readonly (readonly [string, string])[] = [
  ["allexport", "a"],
  ["notify", "b"],
  ["errexit", "e"],
  ["noglob", "f"],
  ["hashall", "h"],
  ["interactive", "i"],
  ["keyword", "k"],
  ["monitor", "m"],
  ["noexec", "n"],
  ["nounset", "u"],
  ["verbose", "v"],
  ["xtrace", "x"],
  ["braceexpand", "B"],
  ["noclobber", "C"],
  ["errtrace", "E"],
  ["histexpand", "H"],
  ["physical", "P"],
  ["functrace", "T"],
];

/** The value of a parameter; `subscript` is expanded already. */
export function parameterValue(shell: Shell, name: string, subscript: string | undefined): Value {
  if (name === "@" || name === "*") return { type: "many", texts: shell.args, star: name === "*" };
  if (subscript === undefined) return { type: "one", text: scalar(shell, name) };
  if (subscript === "@" || subscript === "*") return elements(shell, name, subscript === "*");
  return { type: "one", text: element(shell, name, subscript) };
}

function scalar(shell: Shell, name: string): string | undefined {
  if (/^[0-9]/.test(name)) return name === "0" ? shell.name : shell.args[Number(name) - 1];
  switch (name) {
    case "?":
      return String(shell.status);
    case "#":
      return String(shell.args.length);
    case "$":
      return shell.mainPid;
    case "!":
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
    case "-":
      return flags(shell);
    case "_":
      return shell.lastArgument;
    default: {
      const target = shell.vars.target(name);
      if (!target.includes("[")) return shell.vars.get(target);
      const [base = "", rest = ""] = target.split("[", 2);
      return element(shell, base, rest.slice(0, -1));
    }
  }
}

/** `$-` */
export function flags(shell: Shell): string {
  let letters = "";
  for (const [option, letter] of flagLetters)
    if (option === "interactive" ? shell.kind === "interactive" : shell.has(option)) letters += letter;
  return letters + (shell.kind === "command" ? "c" : shell.kind === "script" ? "" : "s");
}

function elements(shell: Shell, name: string, star: boolean): Value {
  const variable = shell.vars.find(name);
  if (!variable) {
    const made = shell.vars.made(name);
    const texts = made === undefined ? [] : typeof made === "string" ? [made] : made;
    return { type: "many", texts, star, keys: texts.map((_, i) => i) };
  }
  if (variable.array) return { type: "many", texts: variable.array.values(), star, keys: variable.array.indexes() };
  if (variable.assoc) {
    const keys = keysInOrder(variable.assoc);
    return { type: "many", texts: keys.map((key) => variable.assoc?.get(key) ?? ""), star, keys };
  }
  return variable.value === undefined
    ? { type: "many", texts: [], star, keys: [] }
    : { type: "many", texts: [variable.value], star, keys: [0] };
}

export function element(shell: Shell, name: string, subscript: string): string | undefined {
  const variable = shell.vars.find(name);
  if (variable?.assoc) return variable.assoc.get(subscript);
  const index = indexOf(subscript, shell.scope);
  if (!variable) {
    const made = shell.vars.made(name);
    return typeof made === "string" ? (index === 0 ? made : undefined) : made?.at(index);
  }
  if (!variable.array) return index === 0 || index === -1 ? variable.value : undefined;
  const at = index < 0 ? variable.array.end + index : index;
  if (at < 0) throw new Problem(`${name}: bad array subscript`);
  return variable.array.get(at);
}
