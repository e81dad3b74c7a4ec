import { type Document, parseDocument, visit } from "yaml";
import { FormatError } from "../format-error.ts";
import type { Json } from "../json.ts";
import { type Checked, checkGrammar, type FlowSpan } from "./check-grammar.ts";
import { type Problem, Refusal } from "./define-token.ts";
import { plainYaml } from "./plain-yaml.ts";
import { resolveDocument } from "./resolve-node.ts";

/** Reads one YAML document (what follows it is not read) as sigs.k8s.io/yaml does; throws a FormatError that begins with `yaml: ` or says what else. */
export function parseYaml(text: string): Json {
  return plainYaml(text) ?? resolveDocument(parseYamlTree(text, inWords));
}

/** The syntax tree of one YAML document; what libyaml refuses is thrown in the words of `told`. */
export function parseYamlTree(text: string, told: (problem: Problem) => FormatError): Document.Parsed {
  refuseBytes(text);
  const { end, spans } = checked(text, told);
  const lines = indentFlows(text.slice(0, end), spans);
  const document = breakLines(lines, parse(lines));
  const fault = document.errors[0];
  if (fault) throw new FormatError(`yaml: line ${lines.slice(0, fault.pos[0]).split("\n").length}: ${fault.message}`);
  return document;
}

const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function refuseBytes(text: string): void {
  if (control.test(text)) throw new FormatError("yaml: control characters are not allowed");
}

function checked(text: string, told: (problem: Problem) => FormatError): Checked {
  try {
    return checkGrammar(text);
  } catch (fault) {
    if (fault instanceof Refusal) throw told(fault.problem);
    throw fault;
  }
}

/** As go-yaml v2 puts it: the first line, counted from zero, is not named. */
function inWords({ says, line, by }: Problem): FormatError {
  if (line === 0) return new FormatError(`yaml: ${says}`);
  return new FormatError(`yaml: line ${by === "scanner" ? line + 1 : line}: ${says}`);
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, {
    schema: "failsafe",
    version: "1.1",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
}

const margin = " ".repeat(200);

/**
 * To libyaml the indentation of lines inside brackets means nothing, while the tree ends a collection at a line that is
 * not indented enough. So such lines are indented.
 */
function indentFlows(text: string, spans: readonly FlowSpan[]): string {
  let out = "";
  let done = 0;
  for (const [from, to] of spans) {
    const inside = text.slice(from, to);
    if (!inside.includes("\n")) continue;
    out += text.slice(done, from) + inside.replace(/\n[ \t]*/g, `\n${margin}`);
    done = to;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** To go-yaml U+0085, U+2028 and U+2029 are line breaks as well: they end the line of a plain scalar. */
function breakLines(text: string, document: Document.Parsed): Document.Parsed {
  if (!/[\u0085\u2028\u2029]/.test(text)) return document;
  let lines = text;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type !== "PLAIN" || !range) return;
      const plain = text.slice(range[0], range[1]).replace(/[\u0085\u2028\u2029]/g, "\n");
      lines = lines.slice(0, range[0]) + plain + lines.slice(range[1]);
    },
  });
  return parse(lines);
}
