import { Fail } from "../shared/fail.ts";
import type { Redirect, Statement } from "./ast.ts";
import type { Compiler, Label } from "./compiler.ts";
import { formatAwk } from "./format.ts";
import { compileKey, compileStore } from "./places.ts";
import { toNumber, type Value } from "./value.ts";
import type { Vm } from "./vm.ts";

/** Emits the instructions of a statement. */
export function compileStatement(compiler: Compiler, statement: Statement): undefined {
  switch (statement.type) {
    case "block":
      for (const each of statement.body) compiler.statement(each);
      return;
    case "expression":
      compiler.expression(statement.value);
      compiler.emit((vm) => void vm.stack.pop());
      return;
    case "print":
      return compilePrint(compiler, statement);
    case "if":
      return compileIf(compiler, statement);
    case "loop":
      return compileLoop(compiler, statement);
    case "forIn":
      return compileForIn(compiler, statement);
    case "jump":
      return compileJump(compiler, statement.to);
    case "exit":
    case "return":
      return compileEnd(compiler, statement);
    case "delete":
      return compileDelete(compiler, statement);
  }
}

function compilePrint(compiler: Compiler, statement: Statement & { type: "print" }): undefined {
  for (const arg of statement.args) compiler.expression(arg);
  const count = statement.args.length;
  const { redirect, format } = statement;
  if (redirect) compiler.expression(redirect.to);
  compiler.emit((vm) => {
    const out = outputOf(vm, redirect);
    const args = vm.stack.splice(vm.stack.length - count, count);
    out.put(format ? formatAwk(vm.text(args[0]), args.slice(1), vm) : line(vm, args));
    return out.full ? out.flush() : undefined;
  });
}

function outputOf(vm: Vm, redirect: Redirect | undefined) {
  return redirect ? vm.streams.writer(redirect.kind, vm.popText()) : vm.streams.out;
}

function line(vm: Vm, args: readonly Value[]): string {
  if (args.length === 0) return vm.record.text() + vm.outputEnd;
  let text = vm.printed(args[0]);
  for (let i = 1; i < args.length; i++) text += vm.outputSeparator + vm.printed(args[i]);
  return text + vm.outputEnd;
}

function compileIf(compiler: Compiler, statement: Statement & { type: "if" }): undefined {
  const otherwise: Label = { at: 0 };
  compiler.expression(statement.test);
  compiler.jumpUnless(otherwise);
  compiler.statement(statement.yes);
  if (!statement.no) return compiler.place(otherwise);
  const after: Label = { at: 0 };
  compiler.jump(after);
  compiler.place(otherwise);
  compiler.statement(statement.no);
  compiler.place(after);
}

function compileLoop(compiler: Compiler, statement: Statement & { type: "loop" }): undefined {
  const [top, onContinue, onBreak]: [Label, Label, Label] = [{ at: 0 }, { at: 0 }, { at: 0 }];
  if (statement.first) compiler.statement(statement.first);
  compiler.place(top);
  if (statement.test && !statement.testLast) {
    compiler.expression(statement.test);
    compiler.jumpUnless(onBreak);
  }
  compiler.loops.push({ onBreak, onContinue });
  compiler.statement(statement.body);
  compiler.loops.pop();
  compiler.place(onContinue);
  if (statement.step) compiler.statement(statement.step);
  if (statement.test && statement.testLast) {
    compiler.expression(statement.test);
    compiler.jumpIf(top);
  } else compiler.jump(top);
  compiler.place(onBreak);
}

function compileForIn(compiler: Compiler, statement: Statement & { type: "forIn" }): undefined {
  const cell = compiler.cell(statement.name);
  const [onContinue, onBreak]: [Label, Label] = [{ at: 0 }, { at: 0 }];
  compiler.emit((vm) => void vm.iterators.push([...vm.array(cell(vm), statement.name).keys()].values()));
  compiler.place(onContinue);
  // The variable is set before the test of the end, so the key waits on the stack.
  const end: Label = { at: 0 };
  compiler.emit((vm) => {
    const next = vm.iterators.at(-1)?.next();
    if (!next || next.done) vm.pc = end.at;
    else vm.stack.push(next.value);
    return undefined;
  });
  compileStore(compiler, statement.variable);
  compiler.emit((vm) => void vm.stack.pop());
  compiler.loops.push({ onBreak, onContinue });
  compiler.statement(statement.body);
  compiler.loops.pop();
  compiler.jump(onContinue);
  compiler.place(onBreak);
  compiler.place(end);
  compiler.emit((vm) => void vm.iterators.pop());
}

function compileJump(compiler: Compiler, to: "next" | "nextfile" | "break" | "continue"): undefined {
  if (to === "next" || to === "nextfile") return compiler.emit((vm) => void vm.leave(to));
  const loop = compiler.loops.at(-1);
  if (!loop) throw new Fail(`syntax error: ${to} statement outside of loop`, 2);
  compiler.jump(to === "break" ? loop.onBreak : loop.onContinue);
}

function compileEnd(compiler: Compiler, statement: Statement & { type: "exit" | "return" }): undefined {
  if (statement.value) compiler.expression(statement.value);
  if (statement.type === "return") {
    if (!statement.value) compiler.emit((vm) => void vm.stack.push(undefined));
    return compiler.emit((vm) => void vm.return());
  }
  compiler.emit((vm) => {
    if (statement.value) vm.status = Math.trunc(toNumber(vm.stack.pop())) & 255;
    vm.leave("exit");
    return undefined;
  });
}

function compileDelete(compiler: Compiler, { name, keys }: Statement & { type: "delete" }): undefined {
  const cell = compiler.cell(name);
  if (!keys) {
    return compiler.emit((vm) => {
      const array = vm.array(cell(vm), name);
      vm.forget(array.size);
      array.clear();
      return undefined;
    });
  }
  compileKey(compiler, keys);
  compiler.emit((vm) => {
    if (vm.array(cell(vm), name).delete(vm.popText())) vm.forget(1);
    return undefined;
  });
}
