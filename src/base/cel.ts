import { type ASTNode, Environment, EvaluationError, Optional, ParseError } from "@marcbachmann/cel-js";
import { authorizerFunctions } from "./cel-authorizer.ts";
import { FormatError } from "./format-error.ts";
import { goFloat } from "./go-text.ts";
import { addQuantity, compareQuantity, parseQuantity, type Quantity, subtractQuantity } from "./quantity.ts";
import { guestRegex } from "./regex.ts";

/** A CEL expression that parses. */
export interface CelProgram {
  readonly ast: ASTNode;
  /** The type it has whatever the variables are, if that is known: bool, int, dyn. */
  readonly type: string | undefined;
  /** Throws CelFault in cel-go's words. Whole numbers are bigint, others number. */
  run(variables: Readonly<Record<string, unknown>>): unknown;
}

/** An evaluation that came to an error: no such key: x. */
export class CelFault extends Error {}

/** A Quantity of Kubernetes' library. */
class CelQuantity {
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

type Numbers = readonly (bigint | number | string)[];

const made = new Map<string, Environment>();

/** CEL with the functions of Kubernetes' library (apiserver pkg/cel/library, 1.35) that do not ask the cluster. */
function environment(optional = ""): Environment {
  const known = made.get(optional);
  if (known) return known;
  const env = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  env.registerType("Quantity", CelQuantity);
  textFunctions(env);
  listFunctions(env);
  quantityFunctions(env);
  authorizerFunctions(env);
  if (optional !== "") env.registerVariable(optional, "optional<dyn>");
  made.set(optional, env);
  return env;
}

function textFunctions(env: Environment): void {
  env
    .registerFunction("string.goMatch(string): bool", (text: string, pattern: string) => regex(pattern).test(text))
    .registerFunction("goMatch(string, string): bool", (text: string, pattern: string) => regex(pattern).test(text))
    .registerFunction("string.find(string): string", (text: string, pattern: string) => {
      const found = regex(pattern).find(text);
      return found ? text.slice(found.start, found.end) : "";
    })
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
      regex(pattern)
        .all(text)
        .map(({ start, end }) => text.slice(start, end)),
    )
    .registerFunction("string.replace(string, string): string", (text: string, from: string, to: string) =>
      text.split(from).join(to),
    )
    .registerFunction("string.format(list<dyn>): string", (text: string, values: readonly unknown[]) =>
      formatted(text, values),
    );
}

function regex(pattern: string) {
  try {
    return guestRegex(pattern);
  } catch (error) {
    throw new EvaluationError(error instanceof FormatError ? error.message : String(error));
  }
}

/** ext.Strings() format: %s %d %f %e %b %x %X %o %%. */
function formatted(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%(?:\.(\d+))?([sdfebxXo%])/g, (_, digits: string | undefined, verb: string) => {
    if (verb === "%") return "%";
    if (next >= values.length) throw new EvaluationError(`index ${next} out of range`);
    const value = values[next++];
    const precision = digits === undefined ? 6 : Number(digits);
    if (verb === "f") return Number(value).toFixed(precision);
    if (verb === "e") return Number(value).toExponential(precision);
    const radix = { b: 2, o: 8, x: 16, X: 16 }[verb];
    if (radix === undefined) return textOf(value);
    const digitsOf = BigInt(value as bigint).toString(radix);
    return verb === "X" ? digitsOf.toUpperCase() : digitsOf;
  });
}

function textOf(value: unknown): string {
  if (typeof value === "number") return goFloat(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (value === null) return "null";
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${key}: ${textOf(item)}`).join(", ")}}`;
}

function listFunctions(env: Environment): void {
  const extreme = (list: Numbers, better: (a: Numbers[number], b: Numbers[number]) => boolean, name: string) => {
    const [first, ...rest] = list;
    if (first === undefined) throw new EvaluationError(`${name} called on empty list`);
    return rest.reduce((best, item) => (better(item, best) ? item : best), first);
  };
  env
    .registerFunction("list<dyn>.sum(): dyn", (list: Numbers) =>
      list.reduce<bigint | number>(
        (sum, item) => (sum as number) + (item as number),
        list[0] === undefined ? 0n : zero(list[0]),
      ),
    )
    .registerFunction("list<dyn>.min(): dyn", (list: Numbers) => extreme(list, (a, b) => a < b, "min"))
    .registerFunction("list<dyn>.max(): dyn", (list: Numbers) => extreme(list, (a, b) => a > b, "max"))
    .registerFunction("list<dyn>.isSorted(): bool", (list: Numbers) =>
      list.every((item, i) => i === 0 || (list[i - 1] ?? item) <= item),
    )
    .registerFunction("list<dyn>.indexOf(dyn): int", (list: readonly unknown[], item: unknown) =>
      BigInt(list.indexOf(item)),
    )
    .registerFunction("list<dyn>.lastIndexOf(dyn): int", (list: readonly unknown[], item: unknown) =>
      BigInt(list.lastIndexOf(item)),
    );
}

function zero(like: Numbers[number]): bigint | number {
  return typeof like === "bigint" ? 0n : 0;
}

function quantityFunctions(env: Environment): void {
  const read = (text: string) => {
    try {
      return new CelQuantity(parseQuantity(text));
    } catch {
      throw new EvaluationError(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
  };
  const isQuantity = (text: string) => {
    try {
      parseQuantity(text);
      return true;
    } catch {
      return false;
    }
  };
  const order = (a: CelQuantity, b: CelQuantity) => compareQuantity(a.quantity, b.quantity);
  env
    .registerFunction("quantity(string): Quantity", read)
    .registerFunction("isQuantity(string): bool", isQuantity)
    .registerFunction("Quantity.isGreaterThan(Quantity): bool", (a: CelQuantity, b: CelQuantity) => order(a, b) > 0)
    .registerFunction("Quantity.isLessThan(Quantity): bool", (a: CelQuantity, b: CelQuantity) => order(a, b) < 0)
    .registerFunction("Quantity.compareTo(Quantity): int", (a: CelQuantity, b: CelQuantity) =>
      BigInt(Math.sign(order(a, b))),
    )
    .registerFunction(
      "Quantity.add(Quantity): Quantity",
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantity(a.quantity, b.quantity)),
    )
    .registerFunction(
      "Quantity.sub(Quantity): Quantity",
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(subtractQuantity(a.quantity, b.quantity)),
    );
}

/** Compiles an expression; throws a FormatError as cel-go's compiler words it. `optional` names a variable that may have no value. */
export function celProgram(expression: string, optional?: string): CelProgram {
  const text = withPlainHas(withOwnMatches(expression));
  try {
    const parsed = environment(optional).parse(text);
    return {
      ast: parsed.ast,
      type: parsed.check().type,
      run: (variables) => evaluated(() => parsed({ ...variables })),
    };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const start = error.range?.start ?? expression.length;
    throw new FormatError(celCompileError(expression, start, `Syntax error: ${syntaxFault(error.summary)}`));
  }
}

/** What may begin an operand, as cel-go's parser lists it. */
const operands =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** cel-go's words where the expression ends too soon; the others are the library's own. */
function syntaxFault(said: string): string {
  return said === "Unexpected token: EOF" ? `mismatched input '<EOF>' expecting ${operands}` : said;
}

/** ERROR: <input>:1:6: what, with the line and a mark below it (cel-go common/error.go). */
export function celCompileError(expression: string, at: number, what: string): string {
  const before = expression.slice(0, at).split("\n");
  const column = before.at(-1)?.length ?? 0;
  const line = expression.split("\n")[before.length - 1] ?? "";
  return `ERROR: <input>:${before.length}:${column + 1}: ${what}\n | ${line}\n | ${".".repeat(column)}^`;
}

/** A quantity as expressions see it. */
export function celQuantity(text: string): unknown {
  return new CelQuantity(parseQuantity(text));
}

/** A value that may be missing, for oldSelf. */
export function celOptional(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

/** The library's `matches` is JavaScript's; the guest's patterns are Go's. Texts in the expression stay as they are. */
function withOwnMatches(expression: string): string {
  return expression.replace(
    /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\bmatches(\s*\()/g,
    (whole, quoted: string | undefined, open: string | undefined) => (quoted === undefined ? `goMatch${open}` : whole),
  );
}

/**
 * The library's has() takes only names joined by dots, CEL's any field of any value: has(a[0].b) is written as
 * [a[0]].all(it, has(it.b)), which is the same.
 */
function withPlainHas(expression: string): string {
  let text = expression;
  for (let from = 0; ; ) {
    const at = text.indexOf("has(", from);
    if (at < 0) return text;
    from = at + 4;
    const end = closing(text, from);
    const field = /^([\s\S]*[\])]\s*)\.(\s*\w+\s*)$/.exec(text.slice(from, end));
    if (end < 0 || !field || /[\w"']/.test(text[at - 1] ?? "")) continue;
    text = `${text.slice(0, at)}[${field[1]}].all(value_of_has, has(value_of_has.${field[2]}))${text.slice(end + 1)}`;
  }
}

/** Where the bracket closes that is open at a place, texts left aside; -1 where it does not. */
function closing(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"' || char === "'") {
      while (++at < text.length && text[at] !== char) if (text[at] === "\\") at++;
    } else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char) && --depth === 0) return at;
  }
  return -1;
}

function evaluated(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const said = error.summary;
    if (error.code === "no_such_key") throw new CelFault(said.replace(/^No such key/, "no such key"));
    if (error.code === "index_out_of_bounds") {
      const index = /index (-?\d+)/.exec(said)?.[1] ?? "";
      throw new CelFault(`index out of bounds: ${index}`);
    }
    if (error.code === "no_matching_overload" || error.code === "no_such_overload")
      throw new CelFault("no such overload");
    throw new CelFault(said);
  }
}
