import type {
  ArithmeticFor,
  AssignmentPrefix,
  CommandNode,
  CompoundCommand,
  CompoundList,
  AndOr as ParsedAndOr,
  Case as ParsedCase,
  Command as ParsedCommand,
  Function as ParsedFunction,
  Pipeline as ParsedPipeline,
  Statement as ParsedStatement,
  Word as ParsedWord,
  PipelineNode,
  TestExpression,
} from "unbash";
import type {
  Assignment,
  Compound,
  Element,
  FunctionNode,
  List,
  Node,
  Redirect,
  Simple,
  Statement,
  Test,
  Word,
} from "./ast.ts";
import { redirectOf } from "./redirect.ts";
import { endOfArithmetic, endOfBrackets, skipQuoted } from "./scan.ts";
import type { Source } from "./source.ts";

/** The shell's own form of what the parser found: plain objects whose words are texts. */
export function convert(statement: ParsedStatement, source: Source): Statement {
  const { pos, end, command } = statement;
  return {
    node: nodeOf(command, source),
    background: statement.background === true,
    pos,
    line: source.line(pos),
    endLine: source.line(end),
    text: source.text.slice(pos, command.end),
  };
}

function list(parsed: CompoundList, source: Source): List {
  return parsed.commands.map((statement) => convert(statement, source));
}

function wordOf(parsed: ParsedWord): Word {
  return { text: parsed.text };
}

function nodeOf(parsed: PipelineNode | ParsedAndOr | CompoundList, source: Source): Node {
  switch (parsed.type) {
    case "AndOr":
      return {
        type: "and-or",
        parts: parsed.commands.map((command) => nodeOf(command, source)),
        operators: parsed.operators,
        texts: parsed.commands.map((command) => source.text.slice(command.pos, command.end)),
      };
    case "Pipeline":
      return pipeline(parsed, source);
    case "CompoundList":
      return { type: "group", body: list(parsed, source) };
    default:
      return command(parsed, source);
  }
}

function pipeline(parsed: ParsedPipeline, source: Source): Node {
  const time = parsed.prefixes.find((prefix) => prefix.type === "Time");
  const negations = parsed.prefixes.filter((prefix) => prefix.type === "Negation").length;
  return {
    type: "pipeline",
    stages: parsed.commands.map((stage) => command(stage, source)),
    both: parsed.operators.map((operator) => operator === "|&"),
    negated: negations % 2 === 1,
    timed: !time ? false : time.type === "Time" && time.posix ? "posix" : "bash",
    texts: parsed.commands.map((stage) => source.text.slice(stage.pos, stage.end)),
  };
}

function command(parsed: CommandNode, source: Source): Node {
  switch (parsed.type) {
    case "Command":
      return simple(parsed, source);
    case "Function":
      return functionOf(parsed, source);
    case "Redirected": {
      const redirects = parsed.redirects.map((redirect) => redirectOf(redirect, source));
      return { type: "redirected", node: compound(parsed.command, source), redirects, line: source.line(parsed.pos) };
    }
    case "Coproc":
      source.errors.push({ message: "coproc is not simulated", pos: parsed.pos });
      return { type: "group", body: [] };
    default:
      return compound(parsed, source);
  }
}

function functionOf(parsed: ParsedFunction, source: Source): FunctionNode {
  const text = source.text.slice(parsed.pos, parsed.end);
  return {
    type: "function",
    name: parsed.name.text,
    body: nodeOf(parsed.body, source),
    line: source.line(parsed.pos),
    text,
  };
}

function compound(parsed: CompoundCommand, source: Source): Compound {
  const line = source.line(parsed.pos);
  switch (parsed.type) {
    case "BraceGroup":
      return { type: "group", body: list(parsed.body, source) };
    case "Subshell":
      return { type: "subshell", body: list(parsed.body, source) };
    case "If": {
      const branches = [parsed, ...parsed.elif].map((branch) => ({
        test: list(branch.clause, source),
        body: list(branch.then, source),
      }));
      return { type: "if", branches, otherwise: parsed.else && list(parsed.else, source) };
    }
    case "While":
      return {
        type: "while",
        until: parsed.kind === "until",
        test: list(parsed.clause, source),
        body: list(parsed.body, source),
      };
    case "For":
    case "Select": {
      const type = parsed.type === "For" ? "for" : "select";
      return {
        type,
        name: parsed.name.text,
        words: parsed.wordlist?.map(wordOf),
        body: list(parsed.body, source),
        line,
      };
    }
    case "ArithmeticFor":
      return counting(parsed, source);
    case "Case":
      return caseOf(parsed, source);
    case "TestCommand":
      return { type: "test", test: test(parsed.expression), line };
    case "ArithmeticCommand":
      return { type: "arithmetic", expression: { text: parsed.body, quoting: "double" }, line };
  }
}

function caseOf(parsed: ParsedCase, source: Source): Compound {
  const items = parsed.items.map((item) => ({
    patterns: item.pattern.map(wordOf),
    body: list(item.body, source),
    end: item.terminator ?? ";;",
  }));
  return { type: "case", word: wordOf(parsed.word), items, line: source.line(parsed.pos) };
}

/** The three expressions of a C-style for, taken from the text between its parentheses. */
function counting(parsed: ArithmeticFor, source: Source): Compound {
  const open = source.text.indexOf("((", parsed.pos) + 2;
  const close = endOfArithmetic(source.text, open);
  const inside = source.text.slice(open, close < 0 ? parsed.end : close);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < inside.length; ) {
    if (inside[at] === ";") {
      parts.push(inside.slice(from, at));
      from = at + 1;
    }
    const next = skipQuoted(inside, at);
    at = next <= at ? inside.length : next;
  }
  parts.push(inside.slice(from));
  const part = (i: number): Word => ({ text: (parts[i] ?? "").trim(), quoting: "double" });
  if (parts.length !== 3) source.errors.push({ message: "expected arithmetic expression", pos: open });
  return {
    type: "counting",
    start: part(0),
    test: part(1),
    step: part(2),
    body: list(parsed.body, source),
    line: source.line(parsed.pos),
  };
}

function test(parsed: TestExpression): Test {
  switch (parsed.type) {
    case "TestUnary":
      return { type: "unary", operator: parsed.operator, word: wordOf(parsed.operand) };
    case "TestBinary":
      return { type: "binary", operator: parsed.operator, left: wordOf(parsed.left), right: wordOf(parsed.right) };
    case "TestLogical":
      return { type: parsed.operator === "&&" ? "and" : "or", parts: parsed.operands.map(test) };
    case "TestNot":
      return { type: "not", test: test(parsed.operand), times: parsed.negations.length };
    case "TestGroup":
      return test(parsed.expression);
  }
}

function simple(parsed: ParsedCommand, source: Source): Simple {
  const assignments: Assignment[] = [];
  const words: (Word | Assignment)[] = [];
  const redirects: Redirect[] = [];
  const pieces = [...parsed.prefix, ...(parsed.name ? [parsed.name] : []), ...parsed.suffix];
  let last = parsed.pos;
  pieces.forEach((piece, i) => {
    checkGap(source, last, piece.pos);
    last = piece.end;
    if (piece.type === "Word") words.push(wordOf(piece));
    else if (piece.type !== "Assignment") redirects.push(redirectOf(piece, source));
    else if (i < parsed.prefix.length) assignments.push(assignment(piece));
    else words.push(assignment(piece));
  });
  const text = source.text.slice(parsed.pos, parsed.end);
  return { type: "simple", pos: parsed.pos, line: source.line(parsed.pos), text, assignments, words, redirects };
}

/** The parser passes over parentheses in places where bash refuses what follows them. */
function checkGap(source: Source, from: number, to: number): void {
  const gap = source.text.slice(from, to);
  const open = gap.indexOf("(");
  if (open >= 0 && /^[\s\\]*$/.test(gap.slice(0, open)))
    source.errors.push({ message: "unexpected token", pos: from + open + 1 });
}

function assignment(parsed: AssignmentPrefix): Assignment {
  const { value, text } = parsed;
  const append = parsed.append === true;
  const subscript = parsed.index && wordOf(parsed.index);
  if (value.type === "ArrayValue") {
    const head = text.slice(0, text.indexOf("=(") + 1);
    return { name: parsed.name, subscript, append, value: value.elements.map(element), head };
  }
  return {
    name: parsed.name,
    subscript,
    append,
    value: wordOf(value),
    head: text.slice(0, text.length - value.text.length),
  };
}

function element(parsed: ParsedWord): Element {
  const { text } = parsed;
  if (text.startsWith("[")) {
    const close = endOfBrackets(text, 1);
    const append = text.startsWith("+=", close + 1);
    if (close > 0 && (append || text[close + 1] === "="))
      return { key: { text: text.slice(1, close) }, append, value: { text: text.slice(close + (append ? 3 : 2)) } };
  }
  return { key: undefined, append: false, value: { text } };
}
