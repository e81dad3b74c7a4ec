import { Fail } from "../shared/fail.ts";
import type { Expression } from "./ast.ts";
import type { CellOf, Compiler } from "./compiler.ts";
import type { Cell } from "./value.ts";

/** A call of a function of the program: arrays go by reference, all else by value. */
export function compileCall(compiler: Compiler, { name, args, line }: Expression & { type: "call" }): undefined {
  const routine = compiler.program.routines.get(name);
  const start = compiler.starts.get(name);
  if (!routine || !start) throw new Fail(`line ${compiler.program.lastLine}: function ${name} never defined`, 2);
  if (args.length > routine.parameters.length) throw new Fail(`line ${line}: too many arguments in call to ${name}`, 2);
  const count = routine.parameters.length;
  const byName: (CellOf | undefined)[] = [];
  for (const arg of args) {
    if (arg.type === "variable") byName.push(compiler.cell(arg.name));
    else {
      byName.push(undefined);
      compiler.expression(arg);
    }
  }
  compiler.emit((vm) => {
    const locals: Cell[] = [];
    for (let i = count - 1; i >= 0; i--) {
      const named = byName[i];
      if (named) locals[i] = passed(named(vm));
      else locals[i] = { value: i < args.length ? vm.stack.pop() : undefined, array: undefined };
    }
    vm.enter(start.at, locals);
    return undefined;
  });
}

function passed(cell: Cell): Cell {
  if (cell.array) return { value: undefined, array: cell.array };
  const { value } = cell;
  return value === undefined ? { value, array: undefined, from: cell } : { value, array: undefined };
}
