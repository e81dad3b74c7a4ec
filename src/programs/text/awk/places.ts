import type { Pattern } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import type { Expression, Target } from "./ast.ts";
import type { Compiler } from "./compiler.ts";
import { toNumber, type Value } from "./value.ts";
import type { Vm } from "./vm.ts";

/** What gives the pattern of an operand: a constant, or the text on top of the stack. */
export function patternOperand(compiler: Compiler, expression: Expression): (vm: Vm) => Pattern {
  if (expression.type === "regex") {
    const pattern = compiler.vm.pattern(expression.source);
    return () => pattern;
  }
  compiler.expression(expression);
  return (vm) => vm.pattern(vm.popText());
}

/** Leaves the subscripts, joined, on the stack. */
export function compileKey(compiler: Compiler, keys: readonly Expression[]): undefined {
  for (const key of keys) compiler.expression(key);
  if (keys.length === 1) return compiler.emit((vm) => void vm.stack.push(vm.popText()));
  compiler.emit((vm) => {
    const parts = vm.stack.splice(vm.stack.length - keys.length, keys.length);
    vm.stack.push(parts.map((part) => vm.text(part)).join(vm.subscriptSeparator));
    return undefined;
  });
}

/** What a target needs on the stack before its value: nothing, a key, or a field number. */
export function compilePlace(compiler: Compiler, target: Target): undefined {
  if (target.type === "element") compileKey(compiler, target.keys);
  else if (target.type === "field") compiler.expression(target.index);
}

/** Reads a target whose place is given. */
export function readPlace(compiler: Compiler, target: Target): (vm: Vm, place: Value) => Value {
  if (target.type === "field") return (vm, place) => vm.record.get(Math.trunc(toNumber(place)));
  const cell = compiler.cell(target.name);
  if (target.type === "element") return (vm, place) => vm.element(vm.array(cell(vm), target.name), vm.text(place));
  return (vm) => scalar(vm, cell(vm), target.name);
}

/** Writes a target whose place is given. */
export function writePlace(compiler: Compiler, target: Target): (vm: Vm, place: Value, value: Value) => void {
  if (target.type === "field") return (vm, place, value) => vm.record.set(Math.trunc(toNumber(place)), value);
  const cell = compiler.cell(target.name);
  if (target.type === "element")
    return (vm, place, value) => vm.setElement(vm.array(cell(vm), target.name), vm.text(place), value);
  return (vm, _place, value) => {
    const found = cell(vm);
    scalar(vm, found, target.name);
    found.value = value;
  };
}

function scalar(_vm: Vm, cell: { value: Value; array: unknown }, name: string): Value {
  if (cell.array) throw new Fail(`illegal reference to array ${name}`, 2);
  return cell.value;
}

/** Stores the value on top of the stack, which stays there. */
export function compileStore(compiler: Compiler, target: Target): undefined {
  compilePlace(compiler, target);
  const write = writePlace(compiler, target);
  const placed = target.type !== "variable";
  compiler.emit((vm) => {
    const place = placed ? vm.stack.pop() : undefined;
    write(vm, place, vm.stack.at(-1));
    return undefined;
  });
}
