import type { Task } from "../../../machine/define.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { ParameterOperation, ParameterPart } from "../syntax/ast.ts";
import { parameter } from "../syntax/parameter.ts";
import type { Expansions } from "./expand.ts";
import type { Fields } from "./fields.ts";
import { operate } from "./operations.ts";
import { parameterValue, type Value } from "./value.ts";

/** Puts what `$x` or `${…}` stands for into the fields. */
export function* emitParameter(
  shell: Shell,
  part: ParameterPart,
  sink: Fields,
  quoted: boolean,
  expand: Expansions,
): Task {
  if (part.form === "bad") throw new Problem(`${part.text}: bad substitution`);
  if (part.form === "indirect") {
    const led = yield* indirect(shell, part, expand);
    if (typeof led === "string") emitValue(shell, { type: "one", text: led }, sink, quoted);
    else yield* emitParameter(shell, led, sink, quoted, expand);
    return;
  }
  if (part.form === "names") {
    const names = shell.vars.names(part.name);
    emitValue(
      shell,
      { type: "many", texts: names, star: part.operation?.type === "names" && part.operation.operator === "*" },
      sink,
      quoted,
    );
    return;
  }
  const subscript = yield* subscriptOf(shell, part, expand);
  const value = yield* readable(shell, part.name, subscript);
  if (part.form === "keys") {
    const keys = value.type === "many" ? (value.keys ?? []) : [];
    emitValue(shell, { type: "many", texts: keys.map(String), star: subscript === "*" }, sink, quoted);
  } else if (part.form === "length")
    emitValue(shell, { type: "one", text: yield* lengthOf(shell, part, value) }, sink, quoted);
  else yield* emitOperation(shell, part, subscript, value, sink, quoted, expand);
}

/** An index before the beginning is told and gives nothing. */
function* readable(shell: Shell, name: string, subscript: string | undefined): Task<Value> {
  try {
    return parameterValue(shell, name, subscript);
  } catch (error) {
    if (!(error instanceof Problem) || !error.message.endsWith("bad array subscript")) throw error;
    yield* shell.complain(error.message);
    return { type: "one", text: undefined };
  }
}

/** The expanded subscript: the text of a key, or of an arithmetic expression. */
function* subscriptOf(shell: Shell, part: ParameterPart, expand: Expansions): Task<string | undefined> {
  if (!part.subscript) return undefined;
  const { text } = part.subscript;
  return text === "@" || text === "*" ? text : yield* expand.text(shell, part.subscript);
}

/** `${!x}`: the parameter that x names, or for a nameref the name itself. */
function* indirect(shell: Shell, part: ParameterPart, expand: Expansions): Task<ParameterPart | string> {
  const own = shell.vars.all.get(part.name);
  if (own?.nameref && !part.subscript) return own.value ?? "";
  const value = parameterValue(shell, part.name, yield* subscriptOf(shell, part, expand));
  const name = value.type === "one" ? value.text : value.texts.join(" ");
  if (name === undefined || name === "") {
    if (name === undefined && part.operation?.type === "default") return { ...part, form: "value" };
    throw new Problem(
      name === undefined ? `${part.name}: invalid indirect expansion` : `${name}: invalid variable name`,
    );
  }
  const target = parameter(`\${${name}}`, 0, "word")?.part;
  if (target?.form !== "value" || target.operation) throw new Problem(`${name}: invalid variable name`);
  return { ...target, text: part.text, operation: part.operation };
}

function* lengthOf(shell: Shell, part: ParameterPart, value: Value): Task<string> {
  if (value.type === "many") return String(value.texts.length);
  if (value.text === undefined) refuseUnset(shell, part);
  const text = value.text ?? "";
  return String(/[\ud800-\udbff]/.test(text) ? [...text].length : text.length);
}

function refuseUnset(shell: Shell, part: ParameterPart): void {
  if (!shell.has("nounset")) return;
  const name = /^[0-9#?!-]/.test(part.name) ? `$${part.name}` : part.name;
  throw new Problem(`${part.subscript ? `${part.name}[${part.subscript.text}]` : name}: unbound variable`, "shell");
}

function* emitOperation(
  shell: Shell,
  part: ParameterPart,
  subscript: string | undefined,
  value: Value,
  sink: Fields,
  quoted: boolean,
  expand: Expansions,
): Task {
  const { operation } = part;
  if (operation?.type === "default") {
    if (yield* emitDefault(shell, part, operation, subscript, value, sink, quoted, expand)) return;
  } else if (value.type === "one" && value.text === undefined) refuseUnset(shell, part);
  const changed =
    operation && operation.type !== "default" ? yield* operate(shell, part, operation, value, expand) : value;
  emitValue(shell, changed, sink, quoted);
}

/** `${x:-word}` and its kin; true when the fields have been given what they get. */
function* emitDefault(
  shell: Shell,
  part: ParameterPart,
  operation: ParameterOperation & { type: "default" },
  subscript: string | undefined,
  value: Value,
  sink: Fields,
  quoted: boolean,
  expand: Expansions,
): Task<boolean> {
  const { operator, word } = operation;
  const text = value.type === "one" ? value.text : value.texts.length === 0 ? undefined : value.texts.join(" ");
  const missing = text === undefined || (operator.startsWith(":") && text === "");
  if (operator.endsWith("+") ? missing : !missing) return operator.endsWith("+");
  if (operator.endsWith("?")) {
    const said = yield* expand.text(shell, word);
    const why = operator === ":?" ? "parameter null or not set" : "parameter not set";
    throw new Problem(
      `${part.subscript ? `${part.name}[${part.subscript.text}]` : part.name}: ${said === "" ? why : said}`,
      "shell",
    );
  }
  if (operator.endsWith("=")) {
    const made = yield* expand.text(shell, word);
    assign(shell, part, subscript, made);
    emitValue(shell, parameterValue(shell, part.name, subscript), sink, quoted);
  } else yield* expand.operand(shell, word, sink, quoted);
  return true;
}

function assign(shell: Shell, part: ParameterPart, subscript: string | undefined, text: string): void {
  if (!/^[A-Za-z_]/.test(part.name)) throw new Problem(`$${part.name}: cannot assign in this way`, "shell");
  if (subscript === undefined) shell.vars.set(part.name, text);
  else if (shell.vars.find(part.name)?.assoc) shell.vars.setKey(part.name, subscript, text);
  else shell.vars.setAt(part.name, Number(shell.evaluate(subscript)), text);
}

function emitValue(shell: Shell, value: Value, sink: Fields, quoted: boolean): void {
  if (value.type === "one") {
    if (quoted) sink.quoted(value.text ?? "");
    else sink.expansion(value.text ?? "");
    return;
  }
  const ifs = shell.vars.get("IFS");
  const glue = value.star ? (ifs === undefined ? " " : ifs.slice(0, 1)) : " ";
  if (quoted && value.star) sink.quoted(value.texts.join(glue));
  else if (!sink.splits) {
    if (value.texts.length > 0) sink.quoted(value.texts.join(glue));
  } else {
    value.texts.forEach((text, i) => {
      if (i > 0) sink.next();
      if (quoted) sink.quoted(text);
      else sink.expansion(text);
    });
  }
}
