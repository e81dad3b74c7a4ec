import { type Document, isCollection, parseDocument, visit } from "yaml";
import type { Json } from "../json.ts";
import { blockColumn } from "./column-of.ts";
import { checkFlow } from "./flow-problem.ts";
import { resolveDocument } from "./resolve-node.ts";
import { syntaxProblem, textProblem } from "./syntax-problem.ts";

/** Reads one YAML document as sigs.k8s.io/yaml does; throws a FormatError that begins with `yaml: ` or says what else. */
export function parseYaml(text: string): Json {
  const early = textProblem(text);
  if (early) throw early;
  const [clean, document] = indentFlows(...breakLines(text, parse(text)));
  const problem = syntaxProblem(clean, document);
  if (problem) throw problem;
  return resolveDocument(document);
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

/** To go-yaml U+0085, U+2028 and U+2029 are line breaks as well: they end the line of a plain scalar. */
function breakLines(text: string, document: Document.Parsed): [text: string, document: Document.Parsed] {
  if (!/[\u0085\u2028\u2029]/.test(text)) return [text, document];
  let lines = text;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type !== "PLAIN" || !range) return;
      const plain = text.slice(range[0], range[1]).replace(/[\u0085\u2028\u2029]/g, "\n");
      lines = lines.slice(0, range[0]) + plain + lines.slice(range[1]);
    },
  });
  return [lines, parse(lines)];
}

/**
 * libyaml does not care how lines inside brackets are indented, while the tree ends a collection at a line that is not
 * indented enough. So such lines are indented, which changes neither meaning nor line numbers.
 */
function indentFlows(text: string, document: Document.Parsed): [text: string, document: Document.Parsed] {
  let [lines, tree] = [text, document];
  for (let rounds = 0; rounds < 100; rounds++) {
    const narrow = tree.errors.some((error) => error.message.startsWith("Flow") || error.code === "TAB_AS_INDENT");
    const next = narrow ? indentOne(lines, tree) : lines;
    if (next === lines) break;
    lines = next;
    tree = parse(lines);
  }
  return [lines, tree];
}

const margin = " ".repeat(200);

function indentOne(text: string, document: Document.Parsed): string {
  let indented = text;
  visit(document, {
    Collection: (_, node, path) => {
      if (!isCollection(node) || !node.flow || !node.range) return undefined;
      const from = node.range[0];
      const end = checkFlow(text, from, blockColumn(text, path) + 1);
      if (typeof end !== "number") return visit.SKIP;
      const inside = text.slice(from, end).replace(/\n[ \t]*/g, `\n${margin}`);
      indented = text.slice(0, from) + inside + text.slice(end);
      return indented === text ? visit.SKIP : visit.BREAK;
    },
  });
  return indented;
}
