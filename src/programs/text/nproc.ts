import { hardwareOf } from "../../machine/hardware.ts";
import { Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

/** nproc: how many processors there are. */
export const nproc = tool({
  name: "nproc",
  usage: "[OPTION]...",
  options: "all ignore=",
  *run(call) {
    const ignored = call.value("ignore") ?? "0";
    if (!/^\d+$/.test(ignored)) throw new Fail(`invalid number: ${quote(ignored)}`);
    const [extra] = call.operands;
    if (extra !== undefined) throw call.misuse(`extra operand ${quote(extra)}`);
    const { machine } = call.proc;
    const { cpus } = hardwareOf(machine.host ?? machine);
    call.out.put(`${Math.max(1, cpus - Number(ignored))}\n`);
    return undefined;
  },
});
