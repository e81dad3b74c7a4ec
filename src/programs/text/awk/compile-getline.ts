import type { Task } from "../../../machine/define.ts";
import type { Expression } from "./ast.ts";
import type { Compiler } from "./compiler.ts";
import { compilePlace, writePlace } from "./places.ts";
import { InputText, type Value } from "./value.ts";
import type { Vm } from "./vm.ts";

type Store = (vm: Vm, place: Value, value: Value) => void;

/** The five forms of getline: 1 for a record, 0 at the end, -1 for a file that cannot be read. */
export function compileGetline(
  compiler: Compiler,
  { from, source, target }: Expression & { type: "getline" },
): undefined {
  if (source) compiler.expression(source);
  if (target) compilePlace(compiler, target);
  const store: Store = target ? writePlace(compiler, target) : (vm, _place, value) => vm.record.setText(value);
  const placed = target !== undefined && target.type !== "variable";
  compiler.emit((vm) => {
    const place = placed ? vm.stack.pop() : undefined;
    const name = source ? vm.popText() : "";
    return getline(vm, from, name, (value) => store(vm, place, value));
  });
}

function* getline(vm: Vm, from: "main" | "file" | "command", name: string, store: (value: Value) => void): Task {
  const record =
    from === "main"
      ? yield* vm.input.next()
      : from === "file"
        ? yield* vm.streams.readFile(name, vm.recordSeparator)
        : yield* vm.streams.readCommand(name, vm.recordSeparator);
  if (typeof record === "string") {
    store(new InputText(record));
    if (from === "command") vm.recordNumber++;
  }
  vm.stack.push(typeof record === "string" ? 1 : record === undefined ? 0 : -1);
}
