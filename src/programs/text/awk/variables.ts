import { type Cell, InputText, toNumber, type Value } from "./value.ts";
import type { Vm } from "./vm.ts";

/** A variable that is more than a value: NF counts fields, FS is used by the splitter. */
function special(get: () => Value, set: (value: Value) => void): Cell {
  return {
    array: undefined,
    get value() {
      return get();
    },
    set value(value) {
      set(value);
    },
  };
}

/** A variable whose text a part of the machine keeps. */
function watched(vm: Vm, initial: string, changed: (text: string) => void): Cell {
  let held: Value = initial;
  return special(
    () => held,
    (value) => {
      changed(vm.text(value));
      held = value;
    },
  );
}

/** Puts awk's own variables in place. */
export function defineVariables(vm: Vm, argv: readonly string[]): void {
  const { globals, proc } = vm;
  defineCounters(vm);
  defineSeparators(vm);
  globals.set(
    "CONVFMT",
    watched(vm, "%.6g", (text) => vm.setFormat("CONVFMT", text)),
  );
  globals.set(
    "OFMT",
    watched(vm, "%.6g", (text) => vm.setFormat("OFMT", text)),
  );
  globals.set("RSTART", { value: 0, array: undefined });
  globals.set("RLENGTH", { value: -1, array: undefined });
  globals.set("FILENAME", { value: undefined, array: undefined });
  globals.set("ARGC", { value: argv.length, array: undefined });
  globals.set("ARGV", { value: undefined, array: new Map(argv.map((word, index) => [String(index), input(word)])) });
  const variables = [...proc.env].map(([name, value]): [string, Value] => [name, input(value)]);
  globals.set("ENVIRON", { value: undefined, array: new Map(variables) });
}

function defineCounters(vm: Vm): void {
  const { globals, record } = vm;
  const count = (get: () => number, set: (value: number) => void) => special(get, (value) => set(toNumber(value)));
  const fields = (value: number) => {
    record.count = Math.trunc(value);
  };
  const records = (value: number) => {
    vm.recordNumber = value;
  };
  const inFile = (value: number) => {
    vm.fileRecordNumber = value;
  };
  globals.set(
    "NF",
    count(() => record.count, fields),
  );
  globals.set(
    "NR",
    count(() => vm.recordNumber, records),
  );
  globals.set(
    "FNR",
    count(() => vm.fileRecordNumber, inFile),
  );
}

function defineSeparators(vm: Vm): void {
  const { globals, record } = vm;
  const define = (name: string, initial: string, changed: (text: string) => void) =>
    globals.set(name, watched(vm, initial, changed));
  define("FS", " ", (text) => {
    record.settle();
    record.separator = text;
  });
  define("OFS", " ", (text) => {
    vm.outputSeparator = text;
    record.joiner = text;
  });
  define("ORS", "\n", (text) => {
    vm.outputEnd = text;
  });
  define("RS", "\n", (text) => {
    vm.recordSeparator = text;
    record.paragraphs = text === "";
  });
  define("SUBSEP", "\x1c", (text) => {
    vm.subscriptSeparator = text;
  });
}

function input(text: string): Value {
  return new InputText(text);
}
