import { type Document, isAlias, isMap, isScalar, isSeq, type Node, visit } from "yaml";
import { FormatError } from "../format-error.ts";
import { blockColumn, columnOf } from "./column-of.ts";
import { checkFlow, type Problem } from "./flow-problem.ts";

const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** What go-yaml v2 says before it parses anything: of bytes that may not stand in YAML, and of directives. */
export function textProblem(text: string): FormatError | undefined {
  if (/[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""))) {
    return new FormatError("yaml: invalid leading UTF-8 octet");
  }
  if (control.test(text)) return new FormatError("yaml: control characters are not allowed");
  if (!text.startsWith("%")) return undefined;
  // The separator that has to follow a directive was eaten when the file was cut into documents.
  if (/^%YAML +(?!1\.1\s)/.test(text)) return new FormatError("yaml: found incompatible YAML document");
  const first = /^(?:[ \t]*(?:[%#].*)?\n)*/.exec(text)?.[0].length ?? 0;
  return inWords(text, { at: first, says: "did not find expected <document start>", by: "parser" });
}

/**
 * The first thing in a document that libyaml would refuse, in its words. The tree's own errors are told as libyaml tells
 * them, and what the tree accepts but libyaml does not is looked for.
 */
export function syntaxProblem(text: string, document: Document.Parsed): FormatError | undefined {
  const found: Problem[] = [];
  const closedFlows: [from: number, to: number][] = [];
  visitFlows(text, document, (from, result) => {
    if (typeof result === "number") closedFlows.push([from, result]);
    else {
      closedFlows.push([from, result.at]);
      found.push(result);
    }
  });
  for (const error of document.errors) {
    const [at, end] = error.pos;
    const inFlow = closedFlows.some(([from, to]) => at >= from && at < to);
    const problem = told(text, error.code, error.message, at, end, document);
    if (problem && !(inFlow && flowTolerates.test(problem.says))) found.push(problem);
  }
  visit(document, {
    Alias: (_, alias) => {
      found.push(...aliasProblems(text, document, alias));
    },
    Pair: (_, pair, path) => {
      const parent = path.at(-1);
      const key = pair.key;
      if (!isMap(parent) || parent.flow || !isScalar(key) || key.source !== "" || !key.range) return;
      const at = key.range[0];
      if (text[at] === ":") found.push({ at, says: "did not find expected key", by: "parser" });
    },
    Scalar: (_, scalar, path) => {
      if (!scalar.range) return;
      if (scalar.type === "PLAIN") found.push(...tabProblems(text, scalar.range[0], blockColumn(text, path) + 1));
      if (scalar.type === "QUOTE_DOUBLE") found.push(...escapeProblems(text, scalar.range[0], scalar.range[1]));
    },
  });
  if (found.length === 0) return undefined;
  return inWords(
    text,
    found.reduce((first, next) => (next.at < first.at ? next : first)),
  );
}

/** What the tree complains of in flow collections although libyaml takes it. */
const flowTolerates = /found character that cannot start any token|did not find expected/;

/** libyaml's mark: the scanner's lines count from one, the parser's from zero, and line zero is not named. */
function inWords(text: string, { at, says, by }: Problem): FormatError {
  let line = by === "none" ? 0 : lineOf(text, at);
  if (by === "scanner" && line > 0) line++;
  return new FormatError(line > 0 ? `yaml: line ${line}: ${says}` : `yaml: ${says}`);
}

function lineOf(text: string, at: number): number {
  let line = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

function visitFlows(text: string, document: Document.Parsed, tell: (from: number, result: number | Problem) => void) {
  visit(document, {
    Collection: (_, node, path) => {
      if (!node.flow || !node.range) return undefined;
      tell(node.range[0], checkFlow(text, node.range[0], blockColumn(text, path) + 1));
      return visit.SKIP;
    },
  });
}

const mappingValue = "mapping values are not allowed in this context";
const expectedKey = "did not find expected key";
const badToken = "found character that cannot start any token";

function told(
  text: string,
  code: string,
  message: string,
  at: number,
  end: number,
  document: Document.Parsed,
): Problem | undefined {
  if (code === "BAD_SCALAR_START" || code === "TAB_AS_INDENT") return { at, says: badToken, by: "scanner" };
  if (code === "BAD_DQ_ESCAPE") return undefined;
  if (code === "BAD_ALIAS") {
    return { at, says: "did not find expected alphabetic or numeric character", by: "scanner" };
  }
  if (message.startsWith("A block sequence")) return { at, says: expectedKey, by: "parser" };
  if (code === "BLOCK_AS_IMPLICIT_KEY") return nestedProblem(text, at, document);
  if (code === "MULTILINE_IMPLICIT_KEY" || code === "KEY_OVER_1024_CHARS") {
    return { at: end, says: mappingValue, by: "scanner" };
  }
  if (code === "BAD_INDENT") {
    if (message.startsWith("Flow")) return undefined;
    const dash = message.includes("sequence") && !isIndentless(text, document, at);
    return { at, says: dash ? "did not find expected '-' indicator" : expectedKey, by: "parser" };
  }
  if (code === "MISSING_CHAR") return missingProblem(text, message, at, end, document);
  if (code === "UNEXPECTED_TOKEN") return unexpectedProblem(message, at);
  return undefined;
}

function nestedProblem(text: string, at: number, document: Document.Parsed): Problem {
  const indicator = /^[?-](?=\s)/.exec(text.slice(at, at + 2))?.[0];
  if (indicator === "?") return { at, says: "mapping keys are not allowed in this context", by: "scanner" };
  if (indicator === "-") return { at, says: expectedKey, by: "parser" };
  const wide = document.errors.find((e) => e.code === "MULTILINE_IMPLICIT_KEY" && e.pos[0] === at);
  return { at: wide ? wide.pos[1] : at, says: mappingValue, by: "scanner" };
}

function missingProblem(
  text: string,
  message: string,
  at: number,
  end: number,
  document: Document.Parsed,
): Problem | undefined {
  if (message.startsWith("Missing closing")) {
    return { at: text.length, says: "found unexpected end of stream", by: "scanner" };
  }
  if (message.startsWith("Sequence item")) {
    const says = isIndentless(text, document, at) ? expectedKey : "did not find expected '-' indicator";
    return { at, says, by: "parser" };
  }
  if (message.startsWith("Block scalars")) return { at, says: expectedKey, by: "parser" };
  if (message.startsWith("Implicit map keys")) {
    return { at: nextToken(text, end), says: "could not find expected ':'", by: "scanner" };
  }
  return undefined;
}

function unexpectedProblem(message: string, at: number): Problem | undefined {
  if (message.includes("block-seq-ind on same line")) {
    return { at, says: "block sequence entries are not allowed in this context", by: "scanner" };
  }
  if (message.includes("Block scalar header")) {
    return { at, says: "did not find expected comment or line break", by: "scanner" };
  }
  if (message.includes("at node end")) return { at, says: expectedKey, by: "parser" };
  if (/flow-(?:seq|map)-end/.test(message)) return { at, says: "did not find expected node content", by: "parser" };
  return undefined;
}

/** Whether the list that the place belongs to stands at the column of its own key, as kubectl prints lists. */
function isIndentless(text: string, document: Document.Parsed, at: number): boolean {
  let found = false;
  visit(document, {
    Pair: (_, pair) => {
      const [key, value] = [pair.key, pair.value];
      if (!isSeq(value) || value.flow || !isScalar(key) || !key.range || !value.range) return;
      if (value.range[0] > at || value.range[2] < at) return;
      found = columnOf(text, key.range[0]) === columnOf(text, value.range[0]);
    },
  });
  return found;
}

/** Where the next token after `from` begins; a key without its colon is noticed there. */
function nextToken(text: string, from: number): number {
  const rest = /^[^\n]*(?:\n[ ]*(?:#[^\n]*)?(?=\n|$))*\n?[ ]*/.exec(text.slice(from));
  return from + (rest?.[0].length ?? 0);
}

function aliasProblems(text: string, document: Document.Parsed, alias: Node): Problem[] {
  if (!isAlias(alias) || !alias.range) return [];
  const at = alias.range[0];
  const name = /^\*([\w-]*)(.?)/.exec(text.slice(at, at + 1024));
  if (!name?.[1] || !/^[\s?:,\]}%@`]?$/.test(name[2] ?? "")) {
    return [{ at, says: "did not find expected alphabetic or numeric character", by: "scanner" }];
  }
  return alias.resolve(document) ? [] : [{ at, says: `unknown anchor '${alias.source}' referenced`, by: "none" }];
}

/** Blank lines after the start of a plain scalar may hold no tab where its parent's indentation would be. */
function tabProblems(text: string, from: number, indent: number): Problem[] {
  const line = text.indexOf("\n", from);
  if (line < 0 || text[line + 1] === undefined) return [];
  const blank = /^(?:[ ]*\n)*([ ]*)\t/.exec(text.slice(line + 1, line + 400));
  if (!blank || (blank[1] ?? "").length >= indent) return [];
  const rest = text.slice(from, line);
  if (/\s#/.test(rest) || /[:,[\]{}]\s*$/.test(rest)) return [];
  return [{ at: line + blank[0].length, says: "found a tab character that violates indentation", by: "scanner" }];
}

const escapeText = /\\(?:([0abt\tnvfre "'\\N_LP\r\n])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[\s\S])/g;

function escapeProblems(text: string, from: number, to: number): Problem[] {
  const found: Problem[] = [];
  for (const match of text.slice(from, to).matchAll(escapeText)) {
    const [whole, simple, x, u, U] = match;
    const at = from + match.index;
    if (simple !== undefined || x !== undefined) continue;
    const code = Number.parseInt(u ?? U ?? "", 16);
    if (Number.isNaN(code)) {
      const says = /[xuU]/.test(whole) ? "did not find expected hexdecimal number" : "found unknown escape character";
      found.push({ at, says, by: "scanner" });
    } else if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
      found.push({ at, says: "found invalid Unicode character escape code", by: "scanner" });
    }
  }
  return found;
}
