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
  const { record, globals, proc } = vm;
  globals.set(
    "NF",
    special(
      () => record.count,
      (value) => {
        record.count = Math.trunc(toNumber(value));
      },
    ),
  );
  globals.set(
    "NR",
    special(
      () => vm.recordNumber,
      (value) => {
        vm.recordNumber = toNumber(value);
      },
    ),
  );
  globals.set(
    "FNR",
    special(
      () => vm.fileRecordNumber,
      (value) => {
        vm.fileRecordNumber = toNumber(value);
      },
    ),
  );
  globals.set(
    "FS",
    watched(vm, " ", (text) => {
      record.settle();
      record.separator = text;
    }),
  );
  globals.set(
    "OFS",
    watched(vm, " ", (text) => {
      vm.outputSeparator = text;
      record.joiner = text;
    }),
  );
  globals.set(
    "ORS",
    watched(vm, "\n", (text) => {
      vm.outputEnd = text;
    }),
  );
  globals.set(
    "RS",
    watched(vm, "\n", (text) => {
      vm.recordSeparator = text;
      record.paragraphs = text === "";
    }),
  );
  globals.set(
    "SUBSEP",
    watched(vm, "\x1c", (text) => {
      vm.subscriptSeparator = text;
    }),
  );
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
  globals.set("ENVIRON", {
    value: undefined,
    array: new Map([...proc.env].map(([name, value]) => [name, input(value)])),
  });
}

function input(text: string): Value {
  return new InputText(text);
}
