import { Errno } from "../../machine/define.ts";
import { tool } from "./define.ts";
import { folderName } from "./shared/paths.ts";
import { quoteAlways } from "./shared/quote.ts";

/** rmdir: removes directories that are empty. */
export const rmdir = tool({
  name: "rmdir",
  usage: "[OPTION]... DIRECTORY...",
  options: "ignore-fail-on-non-empty p,parents v,verbose",
  *run(call) {
    if (call.operands.length === 0) throw call.misuse("missing operand");
    for (const name of call.operands) {
      for (let path = name; ; path = folderName(path)) {
        if (call.has("v")) call.out.put(`rmdir: removing directory, ${quoteAlways(path)}\n`);
        try {
          call.files.rmdir(call.path(path), call.who);
        } catch (error) {
          if (!(error instanceof Errno)) throw error;
          if (error.code !== "ENOTEMPTY" || !call.has("ignore-fail-on-non-empty"))
            yield* call.warn(
              `failed to remove ${path === name ? "" : "directory "}${quoteAlways(path)}: ${error.message}`,
            );
          break;
        }
        const parent = folderName(path);
        if (!call.has("p") || parent === "." || parent === "/") break;
      }
    }
    return undefined;
  },
});
