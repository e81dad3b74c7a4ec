import { goQuote } from "../go-text.ts";
import { goUnquote } from "../go-unquote.ts";
import { type Command, nodeText, type Operand, type Pipeline } from "./template-node.ts";
import { templateNumber } from "./template-number.ts";
import { backUp, fail, next, nextNoSpace, peekNoSpace, type Reader, unexpected } from "./template-reader.ts";
import type { Token } from "./template-token.ts";

const starts: ReadonlySet<string> = new Set([
  "bool",
  "character",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "open",
]);

/** Reads a pipeline up to and including the token that ends it. */
export function readPipeline(reader: Reader, context: string, end: "right" | "close"): Pipeline {
  const at = peekNoSpace(reader).at;
  const variables: string[] = [];
  const assigns = readVariables(reader, context, variables);
  const commands: Command[] = [];
  for (;;) {
    const token = nextNoSpace(reader);
    if (token.kind === end) break;
    if (!starts.has(token.kind)) throw unexpected(reader, token, context);
    backUp(reader);
    commands.push(readCommand(reader));
  }
  if (commands.length === 0) throw fail(reader, `missing value for ${context}`);
  commands.forEach((command, i) => {
    if (i > 0 && ["bool", "dot", "nil", "number", "string"].includes(command.operands[0].type)) {
      throw fail(reader, `non executable command in pipeline stage ${i + 1}`);
    }
  });
  return { type: "pipeline", at, variables, assigns, commands };
}

/** Reads `$x :=`, `$x =`, `$i, $x :=`; tells whether it is an assignment to variables that are there. */
function readVariables(reader: Reader, context: string, variables: string[]): boolean {
  for (;;) {
    const start = reader.at;
    const variable = nextNoSpace(reader);
    if (variable.kind !== "variable") {
      reader.at = start;
      return false;
    }
    const sign = nextNoSpace(reader);
    const isComma = sign.kind === "char" && sign.text === ",";
    if (sign.kind !== "assign" && sign.kind !== "declare" && !isComma) {
      reader.at = start;
      return false;
    }
    variables.push(variable.text);
    reader.variables = [...reader.variables, variable.text];
    if (!isComma) return sign.kind === "assign";
    if (context !== "range" || variables.length >= 2) throw fail(reader, `too many declarations in ${context}`);
    if (!["variable", "right", "close"].includes(peekNoSpace(reader).kind)) {
      throw fail(reader, "range can only initialize variables");
    }
  }
}

function readCommand(reader: Reader): Command {
  const at = peekNoSpace(reader).at;
  const operands: Operand[] = [];
  for (;;) {
    peekNoSpace(reader);
    const operand = readOperand(reader);
    if (operand) operands.push(operand);
    const token = next(reader);
    if (token.kind === "space") continue;
    if (token.kind === "right" || token.kind === "close") backUp(reader);
    else if (token.kind !== "pipe") throw unexpected(reader, token, "operand");
    break;
  }
  const [first, ...others] = operands;
  if (!first) throw fail(reader, "empty command");
  return { type: "command", at, operands: [first, ...others] };
}

function readOperand(reader: Reader): Operand | undefined {
  const term = readTerm(reader);
  if (!term) return undefined;
  const names: string[] = [];
  let at = 0;
  for (;;) {
    const token = next(reader);
    if (token.kind !== "field") {
      backUp(reader);
      break;
    }
    if (names.length === 0) at = token.at;
    names.push(token.text.slice(1));
  }
  if (names.length === 0) return term;
  switch (term.type) {
    case "field":
      return { type: "field", at, names: [...term.names, ...names] };
    case "variable":
      return { ...term, at, names: [...term.names, ...names] };
    case "bool":
    case "string":
    case "number":
    case "nil":
    case "dot":
      throw fail(reader, `unexpected . after term ${goQuote(nodeText(term))}`);
    default:
      return { type: "chain", at, of: term, names };
  }
}

function readTerm(reader: Reader): Operand | undefined {
  const token = nextNoSpace(reader);
  const { at, text } = token;
  switch (token.kind) {
    case "identifier":
      if (!reader.hasFunction(text)) throw fail(reader, `function ${goQuote(text)} not defined`);
      return { type: "identifier", at, name: text };
    case "dot":
    case "nil":
      return { type: token.kind, at };
    case "variable":
      if (!reader.variables.includes(text)) throw fail(reader, `undefined variable ${goQuote(text)}`);
      return { type: "variable", at, name: text, names: [] };
    case "field":
      return { type: "field", at, names: [text.slice(1)] };
    case "bool":
      return { type: "bool", at, value: text === "true" };
    case "character":
    case "number":
      return readNumber(reader, token);
    case "open":
      return readPipeline(reader, "parenthesized pipeline", "close");
    case "string":
    case "rawString": {
      const value = goUnquote(text);
      if (value === undefined) throw fail(reader, "invalid syntax");
      return { type: "string", at, text, value };
    }
    default:
      backUp(reader);
      return undefined;
  }
}

function readNumber(reader: Reader, token: Token): Operand {
  const value = templateNumber(token.text, token.kind === "character");
  if (!value) {
    if (token.kind === "character") throw fail(reader, `malformed character constant: ${token.text}`);
    const problem = /^[+-]?\d+$/.test(token.text) ? "integer overflow" : "illegal number syntax";
    throw fail(reader, `${problem}: ${goQuote(token.text)}`);
  }
  return { type: "number", at: token.at, text: token.text, value };
}
