import type { Assignment, Compound, List, Node, Redirect, Test, Word } from "./ast.ts";

/** A function as bash writes it out (print_cmd.c, 5.2). */
export function printFunction(name: string, body: Node): string {
  return `${name} () \n${functionBody(body, 0)}\n`;
}

function functionBody(body: Node, depth: number): string {
  const inner = body.type === "redirected" ? body.node : body;
  const redirects = body.type === "redirected" ? redirectsText(body.redirects) : "";
  const pad = " ".repeat(depth);
  if (inner.type !== "group") return `${pad}{ \n${pad}    ${node(body, depth + 4)}\n${pad}}`;
  return `${pad}{ \n${list(inner.body, depth + 4)}\n${pad}}${redirects}`;
}

/** Statements, one a line; the last one without its semicolon. */
function list(statements: List, depth: number): string {
  const pad = " ".repeat(depth);
  return statements
    .map((statement, i) => {
      const text = node(statement.node, depth);
      const last = i === statements.length - 1;
      if (statement.background) return `${pad}${text} &`;
      return last || text.endsWith("\n") ? `${pad}${text}` : `${pad}${text};`;
    })
    .join("\n");
}

/** A list in the middle of a compound command, where every statement is closed. */
function closed(statements: List, depth: number): string {
  const text = list(statements, depth);
  return text.endsWith("&") || text.endsWith("\n") ? text : `${text};`;
}

function oneLine(statements: List, depth: number): string {
  return list(statements, 0)
    .split("\n")
    .join(`\n${" ".repeat(depth)}`);
}

/** A command as bash writes it out. */
export function printNode(one: Node): string {
  return node(one, 0);
}

function node(one: Node, depth: number): string {
  switch (one.type) {
    case "simple": {
      const words = [
        ...one.assignments.map(assignment),
        ...one.words.map((word) => ("value" in word ? assignment(word) : word.text)),
      ];
      return words.join(" ") + redirectsText(one.redirects, words.length === 0);
    }
    case "pipeline": {
      const stages = one.stages.map(
        (stage, i) => node(stage, depth) + (i < one.stages.length - 1 ? (one.both[i] ? " 2>&1 | " : " | ") : ""),
      );
      return `${one.timed ? (one.timed === "posix" ? "time -p " : "time ") : ""}${one.negated ? "! " : ""}${stages.join("")}`;
    }
    case "and-or":
      return one.parts.map((part, i) => (i === 0 ? "" : ` ${one.operators[i - 1]} `) + node(part, depth)).join("");
    case "redirected":
      return node(one.node, depth) + redirectsText(one.redirects);
    case "function":
      return `function ${one.name} () \n${functionBody(one.body, depth)}`;
    default:
      return compound(one, depth);
  }
}

function compound(one: Compound, depth: number): string {
  const pad = " ".repeat(depth);
  switch (one.type) {
    case "group":
      return `{ \n${list(one.body, depth + 4)}\n${pad}}`;
    case "subshell":
      return `( ${oneLine(one.body, depth)} )`;
    case "if":
      return ifText(one, depth, 0);
    case "while":
      return `${one.until ? "until" : "while"} ${oneLine(one.test, depth)}; do\n${closed(one.body, depth + 4)}\n${pad}done`;
    case "for":
    case "select":
      return `${one.type} ${one.name} in ${one.words ? one.words.map((word) => word.text).join(" ") : '"$@"'};\n${pad}do\n${closed(one.body, depth + 4)}\n${pad}done`;
    case "counting":
      return `for ((${[one.start, one.test, one.step].map((word) => word.text || "1").join("; ")}))\n${pad}do\n${closed(one.body, depth + 4)}\n${pad}done`;
    case "case":
      return caseText(one, depth);
    case "test":
      return `[[ ${testText(one.test)} ]]`;
    case "arithmetic":
      return `((${one.expression.text}))`;
  }
}

function ifText(one: Compound & { type: "if" }, depth: number, from: number): string {
  const pad = " ".repeat(depth);
  const branch = one.branches[from];
  if (!branch) return "";
  const head = `if ${oneLine(branch.test, depth)}; then\n${closed(branch.body, depth + 4)}\n`;
  if (from + 1 < one.branches.length)
    return `${head}${pad}else\n${pad}    ${ifText(one, depth + 4, from + 1)};\n${pad}fi`;
  return `${head}${one.otherwise ? `${pad}else\n${closed(one.otherwise, depth + 4)}\n` : ""}${pad}fi`;
}

function caseText(one: Compound & { type: "case" }, depth: number): string {
  const pad = " ".repeat(depth);
  const items = one.items.map((item) => {
    const patterns = item.patterns.map((word) => word.text).join(" | ");
    return `${pad}    ${patterns})\n${list(item.body, depth + 8)}\n${pad}    ${item.end}\n`;
  });
  return `case ${one.word.text} in \n${items.join("")}${pad}esac`;
}

function testText(test: Test): string {
  switch (test.type) {
    case "unary":
      return `${test.operator} ${test.word.text}`;
    case "binary":
      return `${test.left.text} ${test.operator} ${test.right.text}`;
    case "not":
      return `${"! ".repeat(test.times)}${testText(test.test)}`;
    default:
      return test.parts
        .map((part) => (part.type === "and" || part.type === "or" ? `( ${testText(part)} )` : testText(part)))
        .join(test.type === "and" ? " && " : " || ");
  }
}

function assignment(one: Assignment): string {
  if (!("text" in one.value)) {
    const elements = (one.value as readonly { key: Word | undefined; append: boolean; value: Word }[]).map(
      ({ key, append, value }) => (key ? `[${key.text}]${append ? "+" : ""}=${value.text}` : value.text),
    );
    return `${one.head}(${elements.join(" ")})`;
  }
  return one.head + one.value.text;
}

function redirectsText(redirects: readonly Redirect[], first = false): string {
  let text = "";
  let bodies = "";
  for (const { operator, fd, variable, target } of redirects) {
    const from = variable === undefined ? (fd === undefined ? "" : String(fd)) : `{${variable}}`;
    if (operator === "<<") {
      const quoted = target.parts !== undefined && target.quoting === undefined;
      text += ` ${from}<<${quoted ? "'EOF'" : "EOF"}`;
      bodies += `\n${target.text}EOF\n`;
    } else if (operator === "<&" || operator === ">&")
      text += ` ${from === "" ? (operator === "<&" ? "0" : "1") : from}${operator}${target.text}`;
    else text += ` ${from}${operator} ${target.text}`;
  }
  return (first ? text.trimStart() : text) + bodies;
}
