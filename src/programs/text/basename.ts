import { tool } from "./define.ts";
import { baseName, folderName } from "./shared/paths.ts";
import { quote } from "./shared/quote.ts";

/** basename: the last part of a path. */
export const basename = tool({
  name: "basename",
  usage: "NAME [SUFFIX]",
  options: "+ a,multiple s,suffix= z,zero",
  *run(call) {
    const [first, second, third] = call.operands;
    if (first === undefined) throw call.misuse("missing operand");
    const several = call.has("a") || call.has("s");
    if (!several && third !== undefined) throw call.misuse(`extra operand ${quote(third)}`);
    const suffix = call.value("s") ?? (several ? "" : (second ?? ""));
    for (const name of several ? call.operands : [first]) {
      const base = baseName(name);
      const cut = suffix !== "" && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
      call.out.put(cut + (call.has("z") ? "\0" : "\n"));
    }
    return undefined;
  },
});

/** dirname: all but the last part. */
export const dirname = tool({
  name: "dirname",
  usage: "[OPTION] NAME...",
  options: "z,zero",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    for (const name of call.operands) call.out.put(folderName(name) + (call.has("z") ? "\0" : "\n"));
    return undefined;
  },
});
