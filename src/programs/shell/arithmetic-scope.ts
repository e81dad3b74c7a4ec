import { type ArithmeticScope, evaluate } from "./arithmetic/evaluate.ts";
import { Problem } from "./problem.ts";
import type { Variables } from "./variables.ts";

/** Where arithmetic finds a shell's variables. Subscripts of indexed arrays are arithmetic themselves. */
export class ShellArithmetic implements ArithmeticScope {
  private readonly vars: Variables;
  private readonly options: ReadonlySet<string>;

  constructor(vars: Variables, options: ReadonlySet<string>) {
    this.vars = vars;
    this.options = options;
  }

  get strict(): boolean {
    return this.options.has("nounset");
  }

  read(name: string, subscript: string | undefined): string | undefined {
    return subscript === undefined ? this.vars.get(name) : readElement(this.vars, name, subscript, this);
  }

  write(name: string, subscript: string | undefined, value: bigint): void {
    const { vars } = this;
    if (subscript === undefined) vars.set(name, String(value));
    else if (vars.find(name)?.assoc) vars.setKey(name, bare(subscript), String(value));
    else vars.setAt(name, indexOf(subscript, this), String(value));
  }
}

/** The index that the text of a subscript stands for. */
export function indexOf(subscript: string, scope: ArithmeticScope): number {
  return Number(evaluate(subscript, scope));
}

function readElement(vars: Variables, name: string, subscript: string, scope: ArithmeticScope): string | undefined {
  const variable = vars.find(name);
  if (variable?.assoc) return variable.assoc.get(bare(subscript));
  const index = indexOf(subscript, scope);
  if (!variable?.array) return index === 0 || index === -1 ? variable?.value : undefined;
  const at = index < 0 ? variable.array.end + index : index;
  if (at < 0) throw new Problem(`${name}: bad array subscript`);
  return variable.array.get(at);
}

function bare(subscript: string): string {
  return subscript.replace(/^(["'])(.*)\1$/s, "$2");
}
