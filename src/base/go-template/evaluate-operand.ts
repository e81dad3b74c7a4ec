import { goQuote } from "../go-text.ts";
import { GoFunction, GoStruct, type GoValue, goTruth, goTypeOf, isGoMap } from "../go-value.ts";
import { type Command, nodeText, type Operand, type Pipeline } from "./template-node.ts";
import { FunctionError, type Run, runError, type Slot } from "./template-run.ts";

/** Stands for "nothing came through the pipe". */
const noFinal = Symbol("no final value");
type Final = GoValue | typeof noFinal;

const missing: Slot = { value: undefined, boxed: false };

function bare(value: GoValue): Slot {
  return { value, boxed: false };
}

/** The value of a pipeline; its variables are set. A nil interface becomes no value, as in Go. */
export function evaluatePipeline(run: Run, dot: Slot, pipe: Pipeline): GoValue {
  run.node = pipe;
  let value: Final = noFinal;
  for (const command of pipe.commands) value = evaluateCommand(run, dot, command, value).value ?? undefined;
  const result = value === noFinal ? undefined : value;
  for (const name of pipe.variables) {
    if (pipe.assigns) setVariable(run, name, bare(result));
    else run.variables.push({ name, slot: bare(result) });
  }
  return result;
}

/** Gives a variable that is there another value. */
export function setVariable(run: Run, name: string, slot: Slot): void {
  const variable = run.variables.findLast((one) => one.name === name);
  if (!variable) throw runError(run, `undefined variable: ${name}`);
  variable.slot = slot;
}

function evaluateCommand(run: Run, dot: Slot, command: Command, final: Final): Slot {
  const [first, ...rest] = command.operands;
  switch (first.type) {
    case "field":
      return evaluateField(run, dot, first, rest, final);
    case "chain":
      return evaluateChain(run, dot, first, rest, final);
    case "variable":
      return evaluateVariable(run, dot, first, rest, final);
    case "identifier":
      return callNamed(run, dot, first, command, rest, final);
    case "pipeline":
      refuseArguments(run, first, rest, final);
      return bare(evaluatePipeline(run, dot, first));
    default:
      run.node = first;
      refuseArguments(run, first, rest, final);
      if (first.type === "bool" || first.type === "number" || first.type === "string") return bare(first.value);
      if (first.type === "nil") throw runError(run, "nil is not a command");
      return dot;
  }
}

function refuseArguments(run: Run, first: Operand, rest: readonly Operand[], final: Final): void {
  if (rest.length === 0 && final === noFinal) return;
  throw runError(run, `can't give argument to non-function ${nodeText(first)}`);
}

type FieldOperand = Extract<Operand, { type: "field" }>;
type ChainOperand = Extract<Operand, { type: "chain" }>;
type VariableOperand = Extract<Operand, { type: "variable" }>;

function evaluateField(run: Run, dot: Slot, node: FieldOperand, args: readonly Operand[], final: Final): Slot {
  run.node = node;
  return followNames(run, dot, dot, node, node.names, args, final);
}

function evaluateChain(run: Run, dot: Slot, node: ChainOperand, args: readonly Operand[], final: Final): Slot {
  run.node = node;
  if (node.of.type === "nil") throw runError(run, `indirection through explicit nil in ${nodeText(node)}`);
  return followNames(run, dot, evaluateOperand(run, dot, node.of), node, node.names, args, final);
}

function evaluateVariable(run: Run, dot: Slot, node: VariableOperand, args: readonly Operand[], final: Final): Slot {
  run.node = node;
  const variable = run.variables.findLast((one) => one.name === node.name);
  if (!variable) throw runError(run, `undefined variable: ${node.name}`);
  if (node.names.length > 0) return followNames(run, dot, variable.slot, node, node.names, args, final);
  refuseArguments(run, node, args, final);
  return variable.slot;
}

function followNames(
  run: Run,
  dot: Slot,
  from: Slot,
  node: Operand,
  names: readonly string[],
  args: readonly Operand[],
  final: Final,
): Slot {
  let slot = from;
  names.forEach((name, i) => {
    const isLast = i === names.length - 1;
    slot = memberOf(run, dot, slot, node, name, isLast ? args : [], isLast ? final : noFinal);
  });
  return slot;
}

/** A key of a map, or a field or method of a struct. */
function memberOf(
  run: Run,
  dot: Slot,
  receiver: Slot,
  node: Operand,
  name: string,
  args: readonly Operand[],
  final: Final,
): Slot {
  const { value, boxed } = receiver;
  if (value === undefined) {
    if (run.strict) throw runError(run, `nil data; no entry for key ${goQuote(name)}`);
    return missing;
  }
  if (value === null) throw runError(run, `nil pointer evaluating interface {}.${name}`);
  const hasArguments = args.length > 0 || final !== noFinal;
  if (value instanceof GoStruct) {
    const method = value.methods[name];
    if (method) return call(run, dot, method, name, node, args, final);
    if (Object.hasOwn(value.fields, name)) {
      if (hasArguments) throw runError(run, `${name} has arguments but cannot be invoked as function`);
      return bare(value.fields[name]);
    }
  } else if (isGoMap(value)) {
    if (hasArguments) throw runError(run, `${name} is not a method but has arguments`);
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item !== undefined) return { value: item, boxed: true };
    if (run.strict) throw runError(run, `map has no entry for key ${goQuote(name)}`);
    return missing;
  }
  throw runError(run, `can't evaluate field ${name} in type ${boxed ? "interface {}" : goTypeOf(value)}`);
}

function callNamed(
  run: Run,
  dot: Slot,
  node: Extract<Operand, { type: "identifier" }>,
  calling: Operand | Command,
  args: readonly Operand[],
  final: Final,
): Slot {
  run.node = node;
  const found = Object.hasOwn(run.functions, node.name) ? run.functions[node.name] : undefined;
  if (!found) throw runError(run, `${goQuote(node.name)} is not a defined function`);
  return call(run, dot, found, node.name, calling, args, final);
}

function call(
  run: Run,
  dot: Slot,
  target: GoFunction,
  name: string,
  calling: Operand | Command,
  args: readonly Operand[],
  final: Final,
): Slot {
  checkCount(run, target, name, args.length, args.length + (final === noFinal ? 0 : 1));
  if (name === "and" || name === "or") return bare(shortCircuit(run, dot, name === "or", args, final));
  const values: GoValue[] = args.map((arg, i) =>
    evaluateArgument(run, dot, target.params[i] ?? target.variadic ?? "", arg),
  );
  if (final !== noFinal) values.push(asType(run, bare(final), target.params[values.length] ?? target.variadic ?? ""));
  if (name === "call") values.unshift(args[0] ? nodeText(args[0]) : nameOf(values[0]));
  try {
    return { value: target.run(...values), boxed: true };
  } catch (problem) {
    if (!(problem instanceof FunctionError)) throw problem;
    run.node = calling;
    throw runError(run, `error calling ${name}: ${problem.message}`);
  }
}

/** What `call` calls something that came through a pipe. */
function nameOf(value: GoValue): string {
  return typeof value === "string" ? value : `<${goTypeOf(value)} Value>`;
}

function checkCount(run: Run, target: GoFunction, name: string, written: number, count: number): void {
  const wanted = target.params.length;
  if (target.variadic !== undefined) {
    if (count < wanted) throw runError(run, `wrong number of args for ${name}: want at least ${wanted} got ${written}`);
  } else if (count !== wanted) throw runError(run, `wrong number of args for ${name}: want ${wanted} got ${count}`);
}

/** `and` and `or` answer with an operand, and do not evaluate those after it. */
function shortCircuit(run: Run, dot: Slot, isOr: boolean, args: readonly Operand[], final: Final): GoValue {
  let value: GoValue;
  for (const arg of args) {
    value = evaluateArgument(run, dot, "reflect.Value", arg);
    if (goTruth(value) === isOr) return value;
  }
  return final === noFinal ? value : final;
}

function evaluateArgument(run: Run, dot: Slot, type: string, node: Operand): GoValue {
  run.node = node;
  if (node.type === "nil") {
    if (isInterface(type)) return type === "reflect.Value" ? undefined : null;
    throw runError(run, `cannot assign nil to ${type}`);
  }
  if (node.type === "bool" || node.type === "number" || node.type === "string") return constant(run, type, node);
  return asType(run, evaluateOperand(run, dot, node), type);
}

function isInterface(type: string): boolean {
  return type === "reflect.Value" || type === "interface {}";
}

const constantNames: Readonly<Record<string, string>> = {
  bool: "bool",
  string: "string",
  int: "integer",
  int64: "integer",
  float64: "float",
};

/** A constant takes the type that the function wants, if it can. */
function constant(run: Run, type: string, node: Extract<Operand, { type: "bool" | "number" | "string" }>): GoValue {
  if (isInterface(type)) return node.value;
  const expected = constantNames[type];
  if (expected === undefined) throw runError(run, `can't handle ${nodeText(node)} for arg of type ${type}`);
  if (node.type !== "number") {
    if (type === node.type) return node.value;
  } else if (type === "float64" || (expected === "integer" && node.value.type === "int")) return node.value;
  throw runError(run, `expected ${expected}; found ${nodeText(node)}`);
}

/** Whether a value can be given for an argument of a type; what a function without types takes is `interface {}`. */
function asType(run: Run, { value }: Slot, type: string): GoValue {
  if (isInterface(type)) return value === undefined && type === "interface {}" ? null : value;
  if (value === undefined || value === null) {
    if (type.startsWith("[]") || type.startsWith("map[") || type.startsWith("*")) return null;
    if (value === undefined) throw runError(run, `invalid value; expected ${type}`);
    throw runError(run, `wrong type for value; expected ${type}; got interface {}`);
  }
  const given = goTypeOf(value);
  if (given === type || value instanceof GoFunction) return value;
  throw runError(run, `wrong type for value; expected ${type}; got ${given}`);
}

function evaluateOperand(run: Run, dot: Slot, node: Operand): Slot {
  run.node = node;
  switch (node.type) {
    case "dot":
      return dot;
    case "nil":
      return missing;
    case "field":
      return evaluateField(run, dot, node, [], noFinal);
    case "variable":
      return evaluateVariable(run, dot, node, [], noFinal);
    case "chain":
      return evaluateChain(run, dot, node, [], noFinal);
    case "identifier":
      return callNamed(run, dot, node, node, [], noFinal);
    case "pipeline":
      return bare(evaluatePipeline(run, dot, node));
    default:
      return bare(node.value);
  }
}
