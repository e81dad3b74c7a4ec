import { Fail } from "../shared/fail.ts";
import type { Expression, Target } from "./ast.ts";
import { compileBuiltin } from "./compile-builtin.ts";
import { compileCall } from "./compile-call.ts";
import { compileGetline } from "./compile-getline.ts";
import type { Compiler, Label } from "./compiler.ts";
import { compileKey, compilePlace, patternOperand, readPlace, writePlace } from "./places.ts";
import { compareValues, isTrue, toNumber } from "./value.ts";

/** Emits instructions that leave the value of an expression on the stack. */
export function compileExpression(compiler: Compiler, expression: Expression): undefined {
  switch (expression.type) {
    case "number":
    case "string": {
      const { value } = expression;
      return compiler.emit((vm) => void vm.stack.push(value));
    }
    case "regex": {
      const pattern = compiler.vm.pattern(expression.source);
      return compiler.emit((vm) => void vm.stack.push(pattern.test(vm.record.text()) ? 1 : 0));
    }
    case "variable":
    case "element":
    case "field":
      return compileLoad(compiler, expression);
    case "assign":
      return compileAssign(compiler, expression);
    case "choose":
      return compileChoose(compiler, expression);
    case "logic":
      return compileLogic(compiler, expression);
    case "matches":
      return compileMatches(compiler, expression);
    case "in":
      return compileIn(compiler, expression);
    case "binary":
      return compileBinary(compiler, expression);
    case "unary":
      return compileUnary(compiler, expression);
    case "bump":
      return compileBump(compiler, expression);
    case "call":
      return compileCall(compiler, expression);
    case "builtin":
      return compileBuiltin(compiler, expression);
    case "getline":
      return compileGetline(compiler, expression);
    case "grouping": {
      const [only, ...others] = expression.parts;
      if (!only || others.length > 0) throw new Fail("syntax error at or near ,", 2);
      return compileExpression(compiler, only);
    }
  }
}

function compileLoad(compiler: Compiler, target: Target): undefined {
  compilePlace(compiler, target);
  const read = readPlace(compiler, target);
  const placed = target.type !== "variable";
  compiler.emit((vm) => void vm.stack.push(read(vm, placed ? vm.stack.pop() : undefined)));
}

function compileAssign(compiler: Compiler, { operator, target, value }: Expression & { type: "assign" }): undefined {
  compilePlace(compiler, target);
  compileExpression(compiler, value);
  const read = readPlace(compiler, target);
  const write = writePlace(compiler, target);
  const placed = target.type !== "variable";
  const sign = operator.slice(0, -1);
  compiler.emit((vm) => {
    const given = vm.stack.pop();
    const place = placed ? vm.stack.pop() : undefined;
    const result = sign === "" ? given : calculate(sign, toNumber(read(vm, place)), toNumber(given));
    write(vm, place, result);
    vm.stack.push(result);
    return undefined;
  });
}

function compileBump(compiler: Compiler, { by, before, target }: Expression & { type: "bump" }): undefined {
  compilePlace(compiler, target);
  const read = readPlace(compiler, target);
  const write = writePlace(compiler, target);
  const placed = target.type !== "variable";
  compiler.emit((vm) => {
    const place = placed ? vm.stack.pop() : undefined;
    const old = toNumber(read(vm, place));
    write(vm, place, old + by);
    vm.stack.push(before ? old + by : old);
    return undefined;
  });
}

function compileChoose(compiler: Compiler, { test, yes, no }: Expression & { type: "choose" }): undefined {
  const [otherwise, after]: [Label, Label] = [{ at: 0 }, { at: 0 }];
  compileExpression(compiler, test);
  compiler.jumpUnless(otherwise);
  compileExpression(compiler, yes);
  compiler.jump(after);
  compiler.place(otherwise);
  compileExpression(compiler, no);
  compiler.place(after);
}

function compileLogic(compiler: Compiler, { operator, left, right }: Expression & { type: "logic" }): undefined {
  const [short, after]: [Label, Label] = [{ at: 0 }, { at: 0 }];
  compileExpression(compiler, left);
  if (operator === "&&") compiler.jumpUnless(short);
  else compiler.jumpIf(short);
  compileExpression(compiler, right);
  compiler.emit((vm) => void vm.stack.push(isTrue(vm.stack.pop()) ? 1 : 0));
  compiler.jump(after);
  compiler.place(short);
  compiler.emit((vm) => void vm.stack.push(operator === "&&" ? 0 : 1));
  compiler.place(after);
}

function compileMatches(compiler: Compiler, { negated, left, right }: Expression & { type: "matches" }): undefined {
  compileExpression(compiler, left);
  const pattern = patternOperand(compiler, right);
  compiler.emit((vm) => {
    const wanted = pattern(vm);
    vm.stack.push(wanted.test(vm.popText()) !== negated ? 1 : 0);
    return undefined;
  });
}

function compileIn(compiler: Compiler, { keys, name }: Expression & { type: "in" }): undefined {
  compileKey(compiler, keys);
  const cell = compiler.cell(name);
  compiler.emit((vm) => void vm.stack.push(vm.array(cell(vm), name).has(vm.popText()) ? 1 : 0));
}

function compileUnary(compiler: Compiler, { operator, operand }: Expression & { type: "unary" }): undefined {
  compileExpression(compiler, operand);
  if (operator === "!") return compiler.emit((vm) => void vm.stack.push(isTrue(vm.stack.pop()) ? 0 : 1));
  const sign = operator === "-" ? -1 : 1;
  compiler.emit((vm) => void vm.stack.push(sign * vm.popNumber()));
}

function compileBinary(compiler: Compiler, { operator, left, right }: Expression & { type: "binary" }): undefined {
  compileExpression(compiler, left);
  compileExpression(compiler, right);
  const test = comparisons[operator];
  compiler.emit((vm) => {
    const b = vm.stack.pop();
    const a = vm.stack.pop();
    if (test) vm.stack.push(test(compareValues(a, b, (value) => vm.text(value))) ? 1 : 0);
    else if (operator === " ") vm.stack.push(vm.concatenate(vm.text(a), vm.text(b)));
    else vm.stack.push(calculate(operator, toNumber(a), toNumber(b)));
    return undefined;
  });
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    default:
      return a ** b;
  }
}
