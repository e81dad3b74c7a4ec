import { Fail } from "../shared/fail.ts";
import type { AwkProgram, Expression, Rule, Statement } from "./ast.ts";
import { compileExpression } from "./compile-expression.ts";
import { compileStatement } from "./compile-statement.ts";
import { type Cell, isTrue } from "./value.ts";
import { HALT, type Step, type Vm } from "./vm.ts";

/** A place in the code, known once it is put there. */
export interface Label {
  at: number;
}

/** Where a name's cell is: found when compiling (a global) or when running (a local). */
export type CellOf = (vm: Vm) => Cell;

/** Turns a parsed program into instructions. */
export class Compiler {
  readonly vm: Vm;
  readonly program: AwkProgram;
  readonly code: Step[] = [];
  readonly starts = new Map<string, Label>();
  /** Labels of the loops around: where break and continue go. */
  readonly loops: { readonly onBreak: Label; readonly onContinue: Label }[] = [];
  private parameters: readonly string[] = [];

  constructor(vm: Vm, program: AwkProgram) {
    this.vm = vm;
    this.program = program;
    for (const name of program.routines.keys()) this.starts.set(name, { at: HALT });
  }

  /** Compiles all sections; returns where they start. */
  compile(): { begin: number; main: number; end: number } {
    for (const routine of this.program.routines.values()) {
      const start = this.starts.get(routine.name);
      if (start) start.at = this.code.length;
      this.parameters = routine.parameters;
      compileStatement(this, routine.body);
      this.parameters = [];
      this.emit((vm) => void vm.stack.push(undefined));
      this.emit((vm) => void vm.return());
    }
    const begin = this.section(this.program.begin);
    const main = this.code.length;
    for (const [index, rule] of this.program.rules.entries()) this.rule(rule, index);
    this.halt();
    const end = this.section(this.program.end);
    this.vm.code = this.code;
    return { begin, main, end };
  }

  private section(statements: readonly Statement[]): number {
    const start = this.code.length;
    for (const statement of statements) compileStatement(this, statement);
    this.halt();
    return start;
  }

  private halt(): undefined {
    this.emit((vm) => {
      vm.pc = HALT;
      return undefined;
    });
  }

  private rule(rule: Rule, index: number): undefined {
    const action: Statement = rule.action ?? { type: "print", format: false, args: [] };
    const after: Label = { at: 0 };
    const [first, last] = rule.pattern;
    if (first && last) {
      const inside: Label = { at: 0 };
      const run: Label = { at: 0 };
      this.emit((vm) => this.goto(vm, inside, vm.inRange[index] === true));
      compileExpression(this, first);
      this.jumpUnless(after);
      this.emit((vm) => this.setRange(vm, index, true));
      this.place(inside);
      compileExpression(this, last);
      this.jumpUnless(run);
      this.emit((vm) => this.setRange(vm, index, false));
      this.place(run);
    } else if (first) {
      compileExpression(this, first);
      this.jumpUnless(after);
    }
    compileStatement(this, action);
    this.place(after);
  }

  private setRange(vm: Vm, index: number, inside: boolean): undefined {
    vm.inRange[index] = inside;
  }

  expression(expression: Expression): undefined {
    compileExpression(this, expression);
  }

  statement(statement: Statement): undefined {
    compileStatement(this, statement);
  }

  emit(step: Step): undefined {
    this.code.push(step);
  }

  place(label: Label): undefined {
    label.at = this.code.length;
  }

  jump(label: Label): undefined {
    this.emit((vm) => this.goto(vm, label, true));
  }

  /** Pops a value and jumps where it is false. */
  jumpUnless(label: Label): undefined {
    this.emit((vm) => this.goto(vm, label, !truth(vm)));
  }

  jumpIf(label: Label): undefined {
    this.emit((vm) => this.goto(vm, label, truth(vm)));
  }

  private goto(vm: Vm, label: Label, really: boolean): undefined {
    if (really) vm.pc = label.at;
  }

  cell(name: string): CellOf {
    const local = this.parameters.lastIndexOf(name);
    if (local >= 0) return (vm) => vm.local(local);
    if (this.starts.has(name)) throw new Fail(`syntax error: illegal reference to function ${name}`, 2);
    const cell = this.vm.global(name);
    return () => cell;
  }
}

function truth(vm: Vm): boolean {
  return isTrue(vm.stack.pop());
}
