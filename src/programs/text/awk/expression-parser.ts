import type { Expression, Target } from "./ast.ts";
import { TokenReader } from "./token-reader.ts";

const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^="]);
const comparisons = new Set(["<", "<=", "==", "!=", ">", ">="]);
const startsOperand = new Set(["number", "string", "name", "routine", "builtin", "$", "(", "++", "--"]);

/** Parses awk's expressions, lowest precedence first. */
export class ExpressionParser extends TokenReader {
  /** Inside print's bare arguments, where > redirects. */
  protected inPrint = false;

  protected expression(): Expression {
    const left = this.choice();
    const operator = this.token.type;
    if (!assignments.has(operator) || !isTarget(left)) return left;
    this.advance();
    this.skipNewlines();
    return { type: "assign", operator, target: left, value: this.expression() };
  }

  private choice(): Expression {
    const test = this.or();
    if (!this.take("?")) return test;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.need(":");
    this.skipNewlines();
    return { type: "choose", test, yes, no: this.expression() };
  }

  private or(): Expression {
    let left = this.and();
    while (this.take("||")) {
      this.skipNewlines();
      left = { type: "logic", operator: "||", left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.membership();
    while (this.take("&&")) {
      this.skipNewlines();
      left = { type: "logic", operator: "&&", left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.matching();
    while (this.is("in")) {
      this.advance();
      const keys = left.type === "grouping" ? left.parts : [left];
      left = { type: "in", keys, name: this.needName() };
    }
    return left;
  }

  private matching(): Expression {
    let left = this.comparison();
    while (this.is("~") || this.is("!~")) {
      const negated = this.is("!~");
      this.advance();
      left = { type: "matches", negated, left, right: this.comparison() };
    }
    return left;
  }

  private comparison(): Expression {
    const left = this.piped();
    const operator = this.token.type;
    if (!comparisons.has(operator) || (this.inPrint && operator === ">")) return left;
    this.advance();
    return { type: "binary", operator, left, right: this.piped() };
  }

  /** "command" | getline */
  private piped(): Expression {
    let left = this.concatenation();
    while (this.is("|") && this.peek().type === "getline") {
      this.advance();
      this.advance();
      left = { type: "getline", from: "command", source: left, target: this.optionalTarget() };
    }
    return left;
  }

  protected concatenation(): Expression {
    let left = this.sum();
    while (startsOperand.has(this.token.type)) left = { type: "binary", operator: " ", left, right: this.sum() };
    return left;
  }

  private sum(): Expression {
    let left = this.product();
    while (this.is("+") || this.is("-")) {
      const operator = this.token.type;
      this.advance();
      left = { type: "binary", operator, left, right: this.product() };
    }
    return left;
  }

  private product(): Expression {
    let left = this.unary();
    while (this.is("*") || this.is("/") || this.is("%")) {
      const operator = this.token.type;
      this.advance();
      left = { type: "binary", operator, left, right: this.unary() };
    }
    return left;
  }

  private unary(): Expression {
    const operator = this.token.type;
    if (operator !== "!" && operator !== "-" && operator !== "+") return this.power();
    this.advance();
    return { type: "unary", operator, operand: this.unary() };
  }

  private power(): Expression {
    const left = this.postfix();
    if (!this.take("^")) return left;
    return { type: "binary", operator: "^", left, right: this.powerOperand() };
  }

  private powerOperand(): Expression {
    if (!this.is("-") && !this.is("+") && !this.is("!")) return this.power();
    const operator = this.token.type;
    this.advance();
    return { type: "unary", operator, operand: this.powerOperand() };
  }

  private postfix(): Expression {
    const operand = this.primary();
    if (!isTarget(operand) || (!this.is("++") && !this.is("--"))) return operand;
    const by = this.is("++") ? 1 : -1;
    this.advance();
    return { type: "bump", by, before: false, target: operand };
  }

  private primary(): Expression {
    const { type, text, line } = this.token;
    switch (type) {
      case "number":
        this.advance();
        return { type: "number", value: Number(text) };
      case "string":
        this.advance();
        return { type: "string", value: text };
      case "/":
      case "/=":
        return this.regex();
      case "$":
        this.advance();
        return { type: "field", index: this.fieldIndex() };
      case "++":
      case "--":
        this.advance();
        return { type: "bump", by: type === "++" ? 1 : -1, before: true, target: this.target() };
      case "(":
        return this.grouping();
      case "name":
        return this.variable();
      case "routine": {
        this.advance();
        return { type: "call", name: text, args: this.arguments(), line };
      }
      case "builtin": {
        this.advance();
        const args = text === "length" && !this.is("(") ? [] : this.arguments();
        return { type: "builtin", name: text, args, line };
      }
      case "getline":
        return this.getline();
      case "-":
      case "+":
      case "!":
        return this.unary();
      default:
        return this.unexpected();
    }
  }

  private fieldIndex(): Expression {
    if (this.is("-") || this.is("+") || this.is("!")) return this.unary();
    return this.is("++") || this.is("--") ? this.postfix() : this.primary();
  }

  private regex(): Expression {
    const token = this.lexer.regex(this.token.start + 1);
    // What was read ahead after the slash was not what it seemed.
    this.tokens.length = this.at;
    this.tokens.push(token);
    this.advance();
    return { type: "regex", source: token.text };
  }

  private grouping(): Expression {
    this.advance();
    const { inPrint } = this;
    this.inPrint = false;
    const parts = this.list(")");
    this.need(")");
    this.inPrint = inPrint;
    if (parts.length === 0) this.unexpected();
    return { type: "grouping", parts };
  }

  protected list(closing: string): Expression[] {
    const parts: Expression[] = [];
    this.skipNewlines();
    while (!this.is(closing)) {
      parts.push(this.expression());
      this.skipNewlines();
      if (!this.take(",")) break;
      this.skipNewlines();
    }
    return parts;
  }

  private arguments(): Expression[] {
    this.need("(");
    const { inPrint } = this;
    this.inPrint = false;
    const args = this.list(")");
    this.need(")");
    this.inPrint = inPrint;
    return args;
  }

  private variable(): Target {
    const name = this.needName();
    if (!this.take("[")) return { type: "variable", name };
    const inPrint = this.inPrint;
    this.inPrint = false;
    const keys = this.list("]");
    this.need("]");
    this.inPrint = inPrint;
    return { type: "element", name, keys };
  }

  private target(): Target {
    const operand = this.primary();
    if (!isTarget(operand)) this.unexpected();
    return operand as Target;
  }

  private optionalTarget(): Target | undefined {
    if (this.is("name")) return this.variable();
    return this.is("$") ? this.target() : undefined;
  }

  private getline(): Expression {
    this.advance();
    const target = this.optionalTarget();
    if (!this.take("<")) return { type: "getline", from: "main", target };
    return { type: "getline", from: "file", source: this.postfix(), target };
  }
}

function isTarget(expression: Expression): expression is Target {
  return expression.type === "variable" || expression.type === "element" || expression.type === "field";
}
