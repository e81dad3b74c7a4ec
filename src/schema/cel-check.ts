import type { CelProgram } from "../base/cel.ts";
import { celCall, celCallText } from "./cel-functions.ts";
import { binaryType, conditionalType } from "./cel-operators.ts";
import { type CelType, celTypeName } from "./cel-types.ts";

type Ast = CelProgram["ast"];

/** Something wrong at a place of an expression. */
interface CelProblem {
  readonly at: number;
  readonly what: string;
}

/** What cel-go's checker says of an expression, and the type it comes to. */
interface CelCheck {
  readonly type: CelType;
  /** In the order of their places. */
  readonly problems: readonly CelProblem[];
}

type Scope = ReadonlyMap<string, CelType>;

/** Checks an expression by the types of its variables (cel-go checker, 0.26). */
export function celCheck(text: string, { ast }: Pick<CelProgram, "ast">, variables: Scope): CelCheck {
  const checker = new Checker(text);
  const type = checker.typeOf(ast, variables);
  return { type, problems: checker.problems.toSorted((a, b) => a.at - b.at) };
}

/** Names that are types, and namespaces of functions. */
const types = new Set("int uint double bool string bytes list map type null_type google optional".split(" "));
const namespaces = new Set("cel math sets base64 optional format strings".split(" "));
const macros = new Set("all exists exists_one map filter".split(" "));

class Checker {
  readonly problems: CelProblem[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  typeOf(node: Ast, scope: Scope): CelType {
    switch (node.op) {
      case "value":
        return literalType(node.args);
      case "id":
        return this.variable(node, scope);
      case ".":
      case ".?":
        return this.field(node, scope, node.op === "." ? node.pos - 1 : node.pos - 2);
      case "[]":
      case "[?]":
        return this.item(node, scope);
      case "call":
        return this.call(node, scope);
      case "rcall":
        return this.memberCall(node, scope);
      case "list":
        return { list: common(node.args.map((item) => this.typeOf(item, scope))) };
      case "map":
        return {
          map: common(
            node.args.map(([key, value]) => [this.typeOf(key, scope), this.typeOf(value, scope)][1] ?? "dyn"),
          ),
        };
      case "?:":
        return this.conditional(node, scope);
      case "!_":
      case "-_":
        return this.unary(node, scope);
      default:
        return this.binary(node, scope);
    }
  }

  private report(at: number, what: string): CelType {
    this.problems.push({ at, what });
    return "error";
  }

  private undeclared(at: number, name: string): CelType {
    return this.report(at, `undeclared reference to '${name}' (in container '')`);
  }

  private mismatch(at: number, name: string, types: string): CelType {
    return this.report(at, `found no matching overload for '${name}' applied to '${types}'`);
  }

  private variable(node: Extract<Ast, { op: "id" }>, scope: Scope): CelType {
    const found = scope.get(node.args);
    if (found !== undefined) return found;
    return types.has(node.args) ? "type" : this.undeclared(node.start, node.args);
  }

  private field(node: Extract<Ast, { op: "." | ".?" }>, scope: Scope, at: number): CelType {
    const [above, name] = node.args;
    const of = this.typeOf(above, scope);
    const found = this.fieldOf(of, name, at);
    return node.op === ".?" && found !== "error" ? "optional" : found;
  }

  private fieldOf(of: CelType, name: string, at: number): CelType {
    if (of === "dyn" || of === "error" || of === "optional") return of === "optional" ? "optional" : of;
    if (typeof of !== "string" && "map" in of) return of.map;
    if (typeof of !== "string" && "field" in of) return of.field(name) ?? this.report(at, `undefined field '${name}'`);
    return this.report(at, `type '${celTypeName(of)}' does not support field selection`);
  }

  private item(node: Extract<Ast, { op: "[]" | "[?]" }>, scope: Scope): CelType {
    const [above, key] = node.args;
    const [of, by] = [this.typeOf(above, scope), this.typeOf(key, scope)];
    if (of === "error" || by === "error" || of === "dyn" || of === "optional") return of === "error" ? "error" : "dyn";
    const wanted = typeof of !== "string" && "list" in of ? "int" : "string";
    const items = typeof of === "string" ? undefined : "list" in of ? of.list : "map" in of ? of.map : undefined;
    if (items !== undefined && (by === wanted || by === "dyn")) return items;
    const at = this.text.indexOf("[", above.end);
    return this.mismatch(at, "_[_]", `(${celTypeName(of)}, ${celTypeName(by)})`);
  }

  private call(node: Extract<Ast, { op: "call" }>, scope: Scope): CelType {
    const [name, args] = node.args;
    const at = this.text.indexOf("(", node.start);
    const [tested] = args;
    if (name === "has" && args.length === 1 && tested?.op === ".") {
      const [above, field] = tested.args;
      return this.fieldOf(this.typeOf(above, scope), field, at) === "error" ? "error" : "bool";
    }
    const types = args.map((arg) => this.typeOf(arg, scope));
    return this.called(name, undefined, types, at);
  }

  private memberCall(node: Extract<Ast, { op: "rcall" }>, scope: Scope): CelType {
    const [inner, receiver, args] = node.args;
    const name = inner === "goMatch" ? "matches" : inner;
    const at = this.text.indexOf("(", this.text.indexOf(name, receiver.end));
    if (receiver.op === "id" && namespaces.has(receiver.args) && !scope.has(receiver.args))
      return this.inNamespace(`${receiver.args}.${name}`, args, scope);
    if (macros.has(name) && args.length >= 2) return this.macro(name, this.typeOf(receiver, scope), args, scope, at);
    const of = this.typeOf(receiver, scope);
    return this.called(
      name,
      of,
      args.map((arg) => this.typeOf(arg, scope)),
      at,
    );
  }

  private called(name: string, receiver: CelType | undefined, args: readonly CelType[], at: number): CelType {
    const result = celCall(name, receiver, args);
    if (typeof result === "object") return result.type;
    if (result === "not simulated") return this.report(at, `'${name}' of Kubernetes' CEL library is not simulated`);
    if (result === "unknown") return this.undeclared(at, name);
    if (receiver === "error" || args.includes("error")) return "error";
    return this.mismatch(at, name, celCallText(receiver, args));
  }

  /** cel.bind(name, value, expression); the others say nothing of their types. */
  private inNamespace(name: string, args: readonly Ast[], scope: Scope): CelType {
    const [variable, value, inside] = args;
    if (name === "cel.bind" && variable?.op === "id" && value && inside)
      return this.typeOf(inside, new Map([...scope, [variable.args, this.typeOf(value, scope)]]));
    for (const arg of args) this.typeOf(arg, scope);
    return "dyn";
  }

  private macro(name: string, over: CelType, args: readonly Ast[], scope: Scope, at: number): CelType {
    const items = itemsOf(over);
    if (items === undefined) {
      const what = `expression of type '${celTypeName(over)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
      return this.report(at, what);
    }
    const bound = args.slice(0, -1).filter((arg): arg is Extract<Ast, { op: "id" }> => arg.op === "id");
    const inner = new Map(scope);
    for (const variable of bound) inner.set(variable.args, items);
    const tests = args.slice(bound.length).map((arg) => this.typeOf(arg, inner));
    if (name === "map") return { list: tests.at(-1) ?? "dyn" };
    if (name !== "filter") return "bool";
    return typeof over !== "string" && "list" in over ? over : { list: items };
  }

  private unary(node: Extract<Ast, { op: "!_" | "-_" }>, scope: Scope): CelType {
    const type = this.typeOf(node.args, scope);
    if (type === "dyn" || type === "error") return node.op === "!_" && type === "dyn" ? "bool" : type;
    const wanted = node.op === "!_" ? ["bool"] : ["int", "double", "duration"];
    return typeof type === "string" && wanted.includes(type)
      ? type
      : this.mismatch(node.start, node.op, `(${celTypeName(type)})`);
  }

  private conditional(node: Extract<Ast, { op: "?:" }>, scope: Scope): CelType {
    const [test, yes, no] = node.args.map((arg) => this.typeOf(arg, scope)) as [CelType, CelType, CelType];
    if ([test, yes, no].includes("error")) return "error";
    const result = conditionalType(test, yes, no);
    const at = this.text.indexOf("?", node.args[0].end);
    return result ?? this.mismatch(at, "_?_:_", `(${[test, yes, no].map(celTypeName).join(", ")})`);
  }

  private binary(node: Exclude<Ast, { op: "value" | "id" | "." }>, scope: Scope): CelType {
    const [left, right] = node.args as readonly [Ast, Ast];
    const [a, b] = [this.typeOf(left, scope), this.typeOf(right, scope)];
    if (a === "error" || b === "error") return "error";
    const result = binaryType(node.op, a, b);
    if (result !== undefined) return result;
    const name = node.op === "in" ? "@in" : `_${node.op}_`;
    return this.mismatch(this.text.indexOf(node.op, left.end), name, `(${celTypeName(a)}, ${celTypeName(b)})`);
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "bool";
  return value instanceof Uint8Array ? "bytes" : "uint";
}

/** The one type that all have, else any. */
function common(types: readonly CelType[]): CelType {
  const [first = "dyn"] = types;
  return types.every((type) => celTypeName(type) === celTypeName(first)) ? first : "dyn";
}

/** What a comprehension over a value goes through; undefined where it cannot. */
function itemsOf(type: CelType): CelType | undefined {
  if (type === "dyn" || type === "error" || type === "optional") return "dyn";
  if (typeof type === "string") return undefined;
  return "list" in type ? type.list : "map" in type ? "string" : undefined;
}
