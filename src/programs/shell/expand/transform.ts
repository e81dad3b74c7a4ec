import type { Task } from "../../../machine/define.ts";
import type { Shell } from "../shell.ts";
import { ansiC } from "../syntax/ansi-c.ts";
import type { ParameterPart } from "../syntax/ast.ts";
import { attributesOf, declarationOf } from "./declaration.ts";
import { expandPrompt } from "./prompt.ts";
import { doubleQuote, singleQuote } from "./quote.ts";
import type { Value } from "./value.ts";

/** `${x@Q}` and the other transformations (bash 5.2, "Shell Parameter Expansion"). */
export function* transform(shell: Shell, part: ParameterPart, operator: string, value: Value): Task<Value> {
  const variable = shell.vars.find(part.name);
  if (operator === "a") {
    const letters = variable ? attributesOf(variable) : "";
    return value.type === "one" ? { type: "one", text: letters } : { ...value, texts: value.texts.map(() => letters) };
  }
  if (operator === "A") {
    if (value.type === "many" && (part.name === "@" || part.name === "*"))
      return { type: "one", text: `set -- ${value.texts.map(singleQuote).join(" ")}` };
    const whole = value.type === "many";
    return {
      type: "one",
      text: variable && (whole || value.text !== undefined) ? declarationOf(part.name, variable, "assignment") : "",
    };
  }
  if ((operator === "K" || operator === "k") && value.type === "many" && value.keys) {
    const pairs = value.texts.flatMap((text, i) => [String(value.keys?.[i]), text]);
    if (operator === "k") return { ...value, texts: pairs };
    const quoted = value.texts.map((text, i) => `${value.keys?.[i]} ${doubleQuote(text)}`);
    return { type: "one", text: quoted.join(" ") + (variable?.assoc ? " " : "") };
  }
  const texts: string[] = [];
  const sources = value.type === "many" ? value.texts : value.text === undefined ? [] : [value.text];
  for (const text of sources) texts.push(yield* changed(shell, operator, text));
  return value.type === "many" ? { ...value, texts } : { type: "one", text: texts[0] ?? "" };
}

function* changed(shell: Shell, operator: string, text: string): Task<string> {
  switch (operator) {
    case "U":
      return text.toUpperCase();
    case "u":
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    case "L":
      return text.toLowerCase();
    case "E":
      return ansiC(text);
    case "P":
      return yield* expandPrompt(shell, text);
    default:
      return singleQuote(text);
  }
}
