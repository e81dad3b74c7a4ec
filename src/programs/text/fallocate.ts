import { Errno } from "../../machine/define.ts";
import { Fail, tool } from "./define.ts";
import { parseSize } from "./shared/size.ts";

/** fallocate: takes room on the disk for a file (util-linux 2.38). */
export const fallocate = tool({
  name: "fallocate",
  from: "from util-linux 2.38.1",
  usage: "[options] <filename>",
  options: "l,length= o,offset= n,keep-size x,posix v,verbose",
  *run(call) {
    const given = call.value("l");
    const [name, ...others] = call.operands;
    if (given === undefined) throw new Fail("no length argument specified");
    if (name === undefined) throw new Fail("no filename specified");
    if (others.length > 0) throw new Fail(`unexpected number of arguments`);
    const length = parseSize(
      given.replace(/^(\d+)([kKmMgGtT])[iI]?[bB]?$/, (_, digits, unit) => digits + unit.toUpperCase()),
    );
    if (length === undefined || length === 0) throw new Fail(`invalid length value specified`);
    const path = call.path(name);
    try {
      const before = call.files.find(path, call.who)?.size ?? 0;
      const wanted = Math.max(0, length + Number(call.value("o") ?? "0") - before);
      const { capacity, used } = call.files.space(before > 0 ? path : path.slice(0, path.lastIndexOf("/")) || "/");
      if (wanted > capacity - used) {
        call.files.extend(path, 0, call.who);
        throw new Fail(`fallocate failed: ${new Errno("ENOSPC").message}`);
      }
      call.files.extend(path, wanted, call.who);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`cannot open ${name}: ${error.message}`);
    }
    return undefined;
  },
});
