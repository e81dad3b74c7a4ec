import { Fail } from "../shared/fail.ts";
import type { AwkProgram, Expression, Redirect, Routine, Rule, Statement, Target } from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";

/** Parses an awk program. */
export function parseAwk(source: string): AwkProgram {
  return new Parser(source).program();
}

class Parser extends ExpressionParser {
  private loops = 0;
  private inRoutine = false;

  program(): AwkProgram {
    const begin: Statement[] = [];
    const end: Statement[] = [];
    const rules: Rule[] = [];
    const routines = new Map<string, Routine>();
    this.skipTerminators();
    while (!this.is("end")) {
      if (this.is("}")) this.refuse(`extra '}'\nawk: line ${this.token.line}: syntax error at or near end of line`);
      if (this.take("function")) {
        const routine = this.routine();
        routines.set(routine.name, routine);
      } else if (this.take("BEGIN")) begin.push(this.block());
      else if (this.take("END")) end.push(this.block());
      else rules.push(this.rule());
      this.skipTerminators();
    }
    return { begin, end, rules, routines, lastLine: this.token.line + 1 };
  }

  private routine(): Routine {
    const name = this.token.text;
    if (!this.is("name") && !this.is("routine")) this.unexpected();
    this.advance();
    this.need("(");
    const parameters: string[] = [];
    while (!this.is(")")) {
      parameters.push(this.needName());
      if (!this.take(",")) break;
      this.skipNewlines();
    }
    this.need(")");
    this.skipNewlines();
    this.inRoutine = true;
    const body = this.block();
    this.inRoutine = false;
    return { name, parameters, body };
  }

  private rule(): Rule {
    const pattern: Expression[] = [];
    if (!this.is("{")) {
      pattern.push(this.expression());
      if (this.take(",")) {
        this.skipNewlines();
        pattern.push(this.expression());
      }
    }
    return { pattern, action: this.is("{") ? this.block() : undefined };
  }

  private skipTerminators(): void {
    while (this.is("newline") || this.is(";")) this.advance();
  }

  private block(): Statement {
    this.need("{");
    const body: Statement[] = [];
    this.skipTerminators();
    while (!this.is("}")) {
      if (this.is("end")) throw new Fail(`line ${this.token.line + 1}: missing } near end of file`, 2);
      body.push(this.statement());
      this.skipTerminators();
    }
    this.need("}");
    return { type: "block", body };
  }

  private statement(): Statement {
    switch (this.token.type) {
      case "{":
        return this.block();
      case "if":
        return this.ifStatement();
      case "while":
        return this.whileStatement();
      case "do":
        return this.doStatement();
      case "for":
        return this.forStatement();
      case ";":
        this.advance();
        return { type: "block", body: [] };
      default: {
        const statement = this.simple();
        this.endOfSimple();
        return statement;
      }
    }
  }

  private endOfSimple(): void {
    if (this.is(";") || this.is("newline")) this.advance();
    else if (!this.is("}") && !this.is("end")) this.unexpected();
  }

  private simple(): Statement {
    const { type } = this.token;
    if (type === "print" || type === "printf") return this.print(type === "printf");
    if (type === "next" || type === "nextfile" || type === "break" || type === "continue") return this.jump(type);
    if (type === "exit" || type === "return") {
      if (type === "return" && !this.inRoutine) this.refuse("return outside function body");
      this.advance();
      return { type, value: this.endsStatement() ? undefined : this.expression() };
    }
    if (type === "delete") return this.deletion();
    return { type: "expression", value: this.expression() };
  }

  private jump(to: "next" | "nextfile" | "break" | "continue"): Statement {
    if ((to === "break" || to === "continue") && this.loops === 0) this.refuse(`${to} statement outside of loop`);
    this.advance();
    return { type: "jump", to };
  }

  private deletion(): Statement {
    this.advance();
    const name = this.needName();
    if (!this.take("[")) return { type: "delete", name };
    const keys = this.list("]");
    this.need("]");
    return { type: "delete", name, keys };
  }

  private endsStatement(): boolean {
    return this.is(";") || this.is("newline") || this.is("}") || this.is("end");
  }

  private print(format: boolean): Statement {
    this.advance();
    const ends = this.endsStatement() || this.is(">") || this.is(">>") || this.is("|");
    let args: readonly Expression[] = ends ? [] : this.printArguments();
    const [only] = args;
    if (args.length === 1 && only?.type === "grouping" && only.parts.length > 1) args = only.parts;
    if (format && args.length === 0) this.unexpected();
    return { type: "print", format, args, redirect: this.redirect() };
  }

  private printArguments(): Expression[] {
    this.inPrint = true;
    const args = [this.expression()];
    while (this.take(",")) {
      this.skipNewlines();
      args.push(this.expression());
    }
    this.inPrint = false;
    return args;
  }

  private redirect(): Redirect | undefined {
    const kind = this.token.type;
    if (kind !== ">" && kind !== ">>" && kind !== "|") return undefined;
    this.advance();
    this.inPrint = true;
    const to = this.concatenation();
    this.inPrint = false;
    return { kind, to };
  }

  private ifStatement(): Statement {
    this.advance();
    const test = this.condition();
    const yes = this.statement();
    const before = this.mark();
    this.skipTerminators();
    if (!this.take("else")) {
      this.back(before);
      return { type: "if", test, yes };
    }
    this.skipNewlines();
    return { type: "if", test, yes, no: this.statement() };
  }

  private condition(): Expression {
    this.need("(");
    const test = this.expression();
    this.need(")");
    this.skipNewlines();
    return test;
  }

  private loopBody(): Statement {
    this.loops++;
    const body = this.statement();
    this.loops--;
    return body;
  }

  private whileStatement(): Statement {
    this.advance();
    const test = this.condition();
    return { type: "loop", test, body: this.loopBody() };
  }

  private doStatement(): Statement {
    this.advance();
    this.skipNewlines();
    const body = this.loopBody();
    this.skipTerminators();
    this.need("while");
    this.need("(");
    const test = this.expression();
    this.need(")");
    this.endOfSimple();
    return { type: "loop", test, body, testLast: true };
  }

  private forStatement(): Statement {
    this.advance();
    this.need("(");
    const first = this.is(";") ? undefined : this.simple();
    if (first?.type === "expression" && this.is(")")) return this.forIn(first.value);
    this.need(";");
    this.skipNewlines();
    const test = this.is(";") ? undefined : this.expression();
    this.need(";");
    this.skipNewlines();
    const step = this.is(")") ? undefined : this.simple();
    this.need(")");
    this.skipNewlines();
    return { type: "loop", first, test, step, body: this.loopBody() };
  }

  private forIn(head: Expression): Statement {
    const [variable] = head.type === "in" ? head.keys : [];
    if (head.type !== "in" || head.keys.length !== 1 || variable === undefined || !isTarget(variable))
      this.unexpected();
    this.need(")");
    this.skipNewlines();
    return { type: "forIn", variable: variable as Target, name: head.name, body: this.loopBody() };
  }

  private refuse(message: string): never {
    throw new Fail(`line ${this.token.line}: ${message}`, 2);
  }
}

function isTarget(expression: Expression): expression is Target {
  return expression.type === "variable" || expression.type === "element" || expression.type === "field";
}
