import { Fail } from "../shared/fail.ts";
import type { Expression, Target } from "./ast.ts";
import { builtins } from "./builtins.ts";
import type { Compiler } from "./compiler.ts";
import { compilePlace, patternOperand, readPlace, writePlace } from "./places.ts";
import { splitByPattern, splitFields } from "./split.ts";
import { replaceAll, replaceGeneral } from "./substitute.ts";
import { InputText } from "./value.ts";
import type { Vm } from "./vm.ts";

type Builtin = Expression & { type: "builtin" };

/** Emits a call of one of awk's own functions. */
export function compileBuiltin(compiler: Compiler, call: Builtin): undefined {
  switch (call.name) {
    case "sub":
    case "gsub":
      return compileSubstitute(compiler, call);
    case "gensub":
      return compileGeneral(compiler, call);
    case "split":
      return compileSplit(compiler, call);
    case "match":
      return compileMatch(compiler, call);
    case "length":
      return compileLength(compiler, call);
    default:
      return compilePlain(compiler, call);
  }
}

function wrongCount(call: Builtin): never {
  throw new Fail(`line ${call.line}: wrong number of arguments in call to ${call.name}`, 2);
}

function compilePlain(compiler: Compiler, call: Builtin): undefined {
  const known = builtins[call.name];
  if (!known) throw new Fail(`line ${call.line}: function ${call.name} is not simulated`, 2);
  const count = call.args.length;
  if (count < known.least || count > known.most) wrongCount(call);
  for (const arg of call.args) compiler.expression(arg);
  compiler.emit((vm) => {
    const result = known.run(vm, vm.stack.splice(vm.stack.length - count, count));
    if (typeof result === "object" && !(result instanceof InputText)) return result;
    vm.stack.push(result);
    return undefined;
  });
}

function compileLength(compiler: Compiler, call: Builtin): undefined {
  const [arg, ...others] = call.args;
  if (others.length > 0) wrongCount(call);
  if (!arg) return compiler.emit((vm) => void vm.stack.push(characters(vm.record.text())));
  if (arg.type !== "variable") {
    compiler.expression(arg);
    return compiler.emit((vm) => void vm.stack.push(characters(vm.popText())));
  }
  const cell = compiler.cell(arg.name);
  compiler.emit((vm) => {
    const { array, from, value } = cell(vm);
    const size = array?.size ?? (value === undefined ? from?.array?.size : undefined);
    vm.stack.push(size ?? characters(vm.text(value)));
    return undefined;
  });
}

function characters(text: string): number {
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) >= 0xd800 && text.charCodeAt(i) < 0xdc00) return [...text].length;
  return text.length;
}

const wholeRecord: Target = { type: "field", index: { type: "number", value: 0 } };

function compileSubstitute(compiler: Compiler, call: Builtin): undefined {
  const [regex, replacement, where = wholeRecord, ...others] = call.args;
  if (!regex || !replacement || others.length > 0) wrongCount(call);
  const target = isTarget(where) ? where : undefined;
  if (target) compilePlace(compiler, target);
  else compiler.expression(where);
  const patternOf = regex.type === "regex" ? patternOperand(compiler, regex) : undefined;
  if (!patternOf) compiler.expression(regex);
  compiler.expression(replacement);
  const read = target ? readPlace(compiler, target) : undefined;
  const write = target ? writePlace(compiler, target) : undefined;
  const placed = target?.type !== "variable";
  compiler.emit((vm) => {
    const by = vm.popText();
    const pattern = patternOf ? patternOf(vm) : vm.pattern(vm.popText());
    const place = placed ? vm.stack.pop() : undefined;
    const text = vm.text(read ? read(vm, place) : place);
    const { result, count } = replaceAll(text, pattern, by, call.name === "sub");
    if (count > 0) write?.(vm, place, result);
    vm.stack.push(count);
    return undefined;
  });
}

function compileGeneral(compiler: Compiler, call: Builtin): undefined {
  const [regex, replacement, how, where = wholeRecord] = call.args;
  if (!regex || !replacement || !how || call.args.length > 4) wrongCount(call);
  const patternOf = regex.type === "regex" ? patternOperand(compiler, regex) : undefined;
  if (!patternOf) compiler.expression(regex);
  for (const arg of [replacement, how, where]) compiler.expression(arg);
  compiler.emit((vm) => {
    const [text, which, by] = [vm.popText(), vm.popText(), vm.popText()];
    const pattern = patternOf ? patternOf(vm) : vm.pattern(vm.popText());
    vm.stack.push(replaceGeneral(text, pattern, by, which));
    return undefined;
  });
}

function compileSplit(compiler: Compiler, call: Builtin): undefined {
  const [text, into, separator, ...others] = call.args;
  if (!text || into?.type !== "variable" || others.length > 0) wrongCount(call);
  const cell = compiler.cell(into.name);
  compiler.expression(text);
  const pattern = separator?.type === "regex" ? patternOperand(compiler, separator) : undefined;
  if (separator && !pattern) compiler.expression(separator);
  compiler.emit((vm) => {
    const by = pattern ? "" : separator ? vm.popText() : vm.record.separator;
    const given = vm.popText();
    const parts = pattern
      ? given === ""
        ? []
        : splitByPattern(given, pattern(vm))
      : splitFields(given, by, vm.patterns);
    fill(vm, vm.array(cell(vm), into.name), parts);
    vm.stack.push(parts.length);
    return undefined;
  });
}

function fill(vm: Vm, array: ReturnType<Vm["array"]>, parts: readonly string[]): undefined {
  vm.forget(array.size);
  array.clear();
  parts.forEach((part, index) => {
    vm.setElement(array, String(index + 1), new InputText(part));
  });
}

function compileMatch(compiler: Compiler, call: Builtin): undefined {
  const [text, regex, into, ...others] = call.args;
  if (!text || !regex || others.length > 0 || (into && into.type !== "variable")) wrongCount(call);
  compiler.expression(text);
  const pattern = patternOperand(compiler, regex);
  const name = into?.type === "variable" ? into.name : "";
  const cell = into ? compiler.cell(name) : undefined;
  compiler.emit((vm) => {
    const wanted = pattern(vm);
    const given = vm.popText();
    const spans = wanted.exec(given);
    const [start = -1, end = -1] = spans ?? [];
    vm.global("RSTART").value = start + 1;
    vm.global("RLENGTH").value = spans ? end - start : -1;
    if (cell) {
      const array = vm.array(cell(vm), name);
      fill(vm, array, []);
      for (let group = 0; spans && 2 * group < spans.length; group++) {
        const [from = -1, to = -1] = spans.slice(2 * group, 2 * group + 2);
        if (from >= 0) vm.setElement(array, String(group), new InputText(given.slice(from, to)));
      }
    }
    vm.stack.push(start + 1);
    return undefined;
  });
}

function isTarget(expression: Expression): expression is Target {
  return expression.type === "variable" || expression.type === "element" || expression.type === "field";
}
