import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail, tool } from "../define.ts";
import { Input } from "../shared/input.ts";
import { Compiler } from "./compiler.ts";
import { unescapeAwk } from "./lexer.ts";
import { parseAwk } from "./parser.ts";
import { InputText } from "./value.ts";
import { defineVariables } from "./variables.ts";
import { Vm } from "./vm.ts";

/** awk: POSIX awk as mawk, the awk of Debian and Ubuntu, speaks it. */
export const awk = tool({
  name: "awk",
  also: ["mawk"],
  from: "1.3.4",
  usage: "[-F value] [-v var=value] [-f program-file | program] [file ...]",
  options: "+ F,field-separator= v,assign= f,file= W= posix",
  trouble: 2,
  *run(call) {
    const files = call.given.filter((option) => option.key === "f").map((option) => option.value ?? "");
    const [program, ...rest] = call.operands;
    if (files.length === 0 && program === undefined)
      throw new Fail("usage: awk [-F value] [-v var=value] [-f program-file | program] [file ...]", 2);
    const source = files.length > 0 ? yield* readPrograms(call, files) : (program ?? "");
    const operands = files.length > 0 ? call.operands : rest;
    const vm = new Vm(call.proc, call.out);
    defineVariables(vm, ["awk", ...operands]);
    const parsed = parseAwk(source);
    assign(call, vm);
    const starts = new Compiler(vm, parsed).compile();
    return yield* execute(vm, starts, parsed.rules.length > 0 || parsed.end.length > 0, parsed.rules.length > 0);
  },
});

function assign(call: Call, vm: Vm): void {
  for (const { key, value = "" } of call.given) {
    if (key === "F") vm.global("FS").value = unescapeAwk(value);
    if (key !== "v") continue;
    const [, name, text] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value) ?? [];
    if (name === undefined) throw new Fail(`improper assignment: -v ${value}`, 2);
    vm.global(name).value = new InputText(unescapeAwk(text ?? ""));
  }
}

function* readPrograms(call: Call, names: readonly string[]): Task<string> {
  let source = "";
  for (const name of names) {
    try {
      const input = new Input(call.proc, name === "-" ? 0 : openFd(call.proc, name, { read: true }));
      source += `${yield* input.rest()}\n`;
      input.close();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`cannot open ${name} (${error.message})`, 2);
    }
  }
  return source;
}

function* execute(
  vm: Vm,
  starts: { begin: number; main: number; end: number },
  reads: boolean,
  rules: boolean,
): Task<number> {
  try {
    yield* vm.run(starts.begin);
    if (reads && !left(vm)) yield* records(vm, starts.main, rules);
    if (reads || left(vm)) yield* vm.run(starts.end);
  } finally {
    // A command that awk writes to must see the end of its input, however awk ends.
    yield* vm.streams.closeAll();
  }
  return vm.status;
}

function left(vm: Vm): boolean {
  return vm.ended === "exit";
}

function* records(vm: Vm, main: number, rules: boolean): Task {
  for (;;) {
    const record = yield* vm.input.next();
    if (record === undefined) return;
    vm.record.setText(record);
    if (!rules) {
      if (vm.proc.tick()) yield undefined;
      continue;
    }
    yield* vm.run(main);
    if (left(vm)) return;
    if (vm.ended === "nextfile") vm.input.skipFile();
    if (vm.streams.out.full) yield* vm.streams.out.flush();
  }
}
