import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { Errno } from "../../machine/define.ts";
import { Fail, tool } from "./define.ts";
import { LINE_LIMIT } from "./shared/input.ts";
import { quote, quoteAlways } from "./shared/quote.ts";
import { parseSize } from "./shared/size.ts";

/** truncate: makes a file as long as asked. */
export const truncate = tool({
  name: "truncate",
  usage: "OPTION... FILE...",
  options: "c,no-create o,io-blocks r,reference= s,size=",
  *run(call) {
    const given = call.value("s");
    const reference = call.value("r");
    if (given === undefined && reference === undefined)
      throw call.misuse("you must specify either ‘--size’ or ‘--reference’");
    if (call.operands.length === 0) throw call.misuse("missing file operand");
    const [, sign = "", digits = ""] = /^([-+<>/%]?)(.*)$/.exec(given ?? "0") ?? [];
    const base = reference === undefined ? 0 : (call.files.find(call.path(reference), call.who)?.size ?? 0);
    const size = parseSize(digits);
    if (size === undefined) throw new Fail(`Invalid number: ${quote(given ?? "")}`);
    for (const name of call.operands) {
      const path = call.path(name);
      try {
        const stat = call.files.find(path, call.who);
        if (!stat && call.has("c")) continue;
        const before = stat?.size ?? 0;
        const wanted = given === undefined ? base : sizeFrom(sign, size, reference === undefined ? before : base);
        if (wanted > before && wanted - before > LINE_LIMIT) {
          const more = wanted - before;
          if (call.files.extend(path, more, call.who) < more) throw new Errno("ENOSPC");
          continue;
        }
        if (wanted > LINE_LIMIT * 8) throw new Errno("EFBIG");
        const bytes = stat ? bytesOf(call.files.read(path, call.who)) : new Uint8Array();
        const resized = new Uint8Array(wanted);
        resized.set(bytes.subarray(0, wanted));
        call.files.write(path, textOf(resized), call.who, { mode: 0o666 & ~call.proc.umask });
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const failed = error.code === "EFBIG" ? "failed to truncate" : "cannot open";
        yield* call.warn(
          `${failed} ${quoteAlways(name)}${error.code === "EFBIG" ? "" : " for writing"}: ${error.message}`,
        );
      }
    }
    return undefined;
  },
});

function sizeFrom(sign: string, size: number, before: number): number {
  if (sign === "+") return before + size;
  if (sign === "-") return Math.max(0, before - size);
  if (sign === "<") return Math.min(before, size);
  if (sign === ">") return Math.max(before, size);
  if (sign === "/") return size === 0 ? 0 : Math.floor(before / size) * size;
  return sign === "%" ? (size === 0 ? 0 : Math.ceil(before / size) * size) : size;
}
