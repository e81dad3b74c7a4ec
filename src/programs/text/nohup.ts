import { Errno, type OpenFile } from "../../machine/define.ts";
import { startCommand } from "../../machine/exec.ts";
import { openPath } from "../../machine/open-path.ts";
import { Fail, tool } from "./define.ts";
import { quoteAlways } from "./shared/quote.ts";

/** nohup: runs a command that does not mind when its terminal goes away. */
export const nohup = tool({
  name: "nohup",
  usage: "COMMAND [ARG]...",
  options: "+",
  trouble: 125,
  *run(call) {
    const { proc } = call;
    if (call.operands.length === 0) throw call.misuse("missing operand");
    const fds = new Map(proc.fds);
    const [hasIn, hasOut, hasErr] = [proc.isTerminal(0), proc.isTerminal(1), proc.isTerminal(2)];
    if (hasIn) fds.set(0, openPath(proc, "/dev/null", { read: true }));
    if (hasOut) {
      const [file, name] = outputFile();
      fds.set(1, file);
      yield* call.warn(`${hasIn ? "ignoring input and " : ""}appending output to ${quoteAlways(name)}`, 0);
    } else if (hasIn) yield* call.warn("ignoring input", 0);
    if (hasErr) fds.set(2, fds.get(1) ?? proc.fd(2));
    proc.on("HUP", "ignore");
    try {
      return yield* proc.waitFor(startCommand(proc, call.operands, { fds }));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(
        `failed to run command ${quoteAlways(call.operands[0] ?? "")}: ${error.message}`,
        error.code === "ENOENT" ? 127 : 126,
      );
    }

    function outputFile(): [OpenFile, string] {
      const flags = { write: true, create: true, append: true, mode: 0o600 };
      try {
        return [openPath(proc, "nohup.out", flags), "nohup.out"];
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const name = `${proc.env.get("HOME") ?? ""}/nohup.out`;
        return [openPath(proc, name, flags), name];
      }
    }
  },
});
