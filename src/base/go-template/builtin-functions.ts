import { goSprint, goSprintf, goText } from "../go-format.ts";
import { GoFunction, GoNumber, GoStruct, type GoValue, goTruth, goTypeOf, isGoList, isGoMap } from "../go-value.ts";
import { byteLength, bytesOf, textOf } from "../text-bytes.ts";
import { equal, less } from "./compare-values.ts";
import { htmlText, jsText, queryText } from "./escape-text.ts";
import { FunctionError, type FunctionTable } from "./template-run.ts";

const any = "interface {}";
const raw = "reflect.Value";

function reflected(count: number, run: (...args: GoValue[]) => GoValue): GoFunction {
  return new GoFunction(Array<string>(count).fill(raw), undefined, run);
}

function comparison(test: (a: GoValue, b: GoValue) => boolean): GoFunction {
  return reflected(2, (a, b) => test(a, b));
}

function textFunction(escaped: (text: string) => string): GoFunction {
  return new GoFunction([], any, (...args) => escaped(textOfArguments(args)));
}

function textOfArguments(args: readonly GoValue[]): string {
  const [first] = args;
  if (args.length === 1 && typeof first === "string") return first;
  return goSprint(args.map((value) => (value === null || value === undefined ? "<no value>" : value)));
}

/** The functions every Go template has (text/template, 1.24). */
export const builtins: FunctionTable = {
  and: new GoFunction([raw], raw, (value) => value),
  or: new GoFunction([raw], raw, (value) => value),
  not: reflected(1, (value) => !goTruth(value)),
  len: reflected(1, lengthOf),
  index: new GoFunction([raw], raw, index),
  slice: new GoFunction([raw], raw, slice),
  call: new GoFunction([raw], raw, callFunction),
  eq: new GoFunction([raw], raw, (first, ...others) => equal(first, others)),
  ne: comparison((a, b) => !equal(a, [b])),
  lt: comparison(less),
  le: comparison((a, b) => less(a, b) || equal(a, [b])),
  gt: comparison((a, b) => !less(a, b) && !equal(a, [b])),
  ge: comparison((a, b) => !less(a, b)),
  print: new GoFunction([], any, (...args) => goSprint(args)),
  println: new GoFunction([], any, (...args) => `${args.map(goText).join(" ")}\n`),
  printf: new GoFunction(["string"], any, (format, ...args) => goSprintf(String(format), args)),
  html: textFunction(htmlText),
  js: textFunction(jsText),
  urlquery: textFunction(queryText),
};

function lengthOf(value: GoValue): GoValue {
  if (value === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (value === null) throw new FunctionError("len of nil pointer");
  if (typeof value === "string") return new GoNumber("int", byteLength(value));
  if (isGoList(value)) return new GoNumber("int", value.length);
  if (!isGoMap(value)) throw new FunctionError(`len of type ${goTypeOf(value)}`);
  return new GoNumber("int", Object.values(value).filter((item) => item !== undefined).length);
}

/** An index of `index` and `slice`: a whole number up to the capacity. */
function indexArgument(value: GoValue, capacity: number): number {
  if (value === undefined || value === null) throw new FunctionError("cannot index slice/array with nil");
  const type = goTypeOf(value);
  if (type !== "int" && type !== "int64" && type !== "uint8") {
    throw new FunctionError(`cannot index slice/array with type ${type}`);
  }
  const at = Number(value instanceof GoNumber ? value.value : value);
  if (at < 0 || at > capacity) throw new FunctionError(`index out of range: ${at}`);
  return at;
}

/** `index x 1 "a"`: the element, then the key of that element, and so on. */
export function index(first: GoValue, ...indexes: GoValue[]): GoValue {
  if (first === undefined || first === null) throw new FunctionError("index of untyped nil");
  let item: GoValue = first;
  for (const at of indexes) {
    if (item === null || item === undefined) throw new FunctionError("index of nil pointer");
    if (isGoList(item)) {
      const place = indexArgument(at, item.length);
      if (place >= item.length) throw new FunctionError("reflect: slice index out of range");
      item = item[place];
    } else if (typeof item === "string") {
      const bytes = bytesOf(item);
      const byte = bytes[indexArgument(at, bytes.length)];
      if (byte === undefined) throw new FunctionError("reflect: string index out of range");
      item = new GoNumber("uint8", byte);
    } else if (isGoMap(item)) {
      if (at === undefined || at === null) throw new FunctionError("value is nil; should be of type string");
      if (typeof at !== "string") throw new FunctionError(`value has type ${goTypeOf(at)}; should be string`);
      item = (Object.hasOwn(item, at) ? item[at] : undefined) ?? null;
    } else throw new FunctionError(`can't index item of type ${goTypeOf(item)}`);
  }
  return item;
}

function slice(item: GoValue, ...indexes: GoValue[]): GoValue {
  if (item === undefined || item === null) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (typeof item !== "string" && !isGoList(item))
    throw new FunctionError(`can't slice item of type ${goTypeOf(item)}`);
  if (typeof item === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  const bytes = typeof item === "string" ? bytesOf(item) : undefined;
  const length = bytes ? bytes.length : (item as readonly GoValue[]).length;
  const [from = 0, to = length, end = length] = indexes.map((at) => indexArgument(at, length));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (to > end) throw new FunctionError(`invalid slice index: ${to} > ${end}`);
  return bytes ? textOf(bytes.subarray(from, to)) : (item as readonly GoValue[]).slice(from, to);
}

/** `call`: the name of what is called comes first, for messages. */
function callFunction(name: GoValue, target: GoValue, ...args: GoValue[]): GoValue {
  if (target === undefined || target === null) throw new FunctionError("call of nil");
  if (target instanceof GoFunction) return target.run(...args);
  const type = target instanceof GoStruct ? target.typeName : goTypeOf(target);
  throw new FunctionError(`non-function ${String(name)} of type ${type}`);
}
