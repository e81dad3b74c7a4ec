import type { Builtin } from "../define.ts";

/** `:` and `true` do nothing and succeed. */
export const colon: Builtin = {
  name: ":",
  usage: "",
  help: "Null command.",
  *run() {
    return 0;
  },
};

export const trueBuiltin: Builtin = { ...colon, name: "true", help: "Return a successful result." };

export const falseBuiltin: Builtin = {
  name: "false",
  usage: "",
  help: "Return an unsuccessful result.",
  *run() {
    return 1;
  },
};
