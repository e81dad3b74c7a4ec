import { groupNamed, userNamed } from "../../machine/users.ts";
import { type Call, Fail, tool } from "./define.ts";
import { copy } from "./shared/copy.ts";
import { destinations } from "./shared/destination.ts";
import { parseMode } from "./shared/mode.ts";
import { folderName } from "./shared/paths.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

/** install: copies files and sets their mode and owner; with -d makes directories. */
export const install = tool({
  name: "install",
  usage: "[OPTION]... SOURCE... DEST",
  options:
    "b backup? c C,compare d,directory D g,group= m,mode= o,owner= p,preserve-timestamps s,strip S,suffix= t,target-directory= T,no-target-directory v,verbose",
  *run(call) {
    const change = parseMode(call.value("m") ?? "755", 0);
    if (!change) throw new Fail(`invalid mode ${quote(call.value("m") ?? "")}`);
    const mode = change(0, false);
    if (call.has("d")) {
      if (call.operands.length === 0) throw call.misuse("missing file operand");
      for (const name of call.operands) {
        call.files.mkdir(call.path(name), call.who, { parents: true, mode });
        finish(call, name, mode);
      }
      return undefined;
    }
    if (call.has("D") && call.operands.length > 1) {
      const parent = call.value("t") ?? folderName(call.operands.at(-1) ?? "");
      if (parent !== "." && parent !== "/") call.files.mkdir(call.path(parent), call.who, { parents: true });
    }
    for (const { from, to } of destinations(call)) {
      if (call.files.find(call.path(from), call.who)?.kind === "directory") {
        yield* call.warn(`omitting directory ${quoteAlways(from)}`);
        continue;
      }
      const done = yield* copy(call, from, to, {
        recursive: false,
        keepLinks: false,
        preserve: false,
        force: true,
        verbose: call.has("v"),
      });
      if (done) finish(call, to, mode);
    }
    return undefined;
  },
});

function finish(call: Call, name: string, mode: number): void {
  const [owner, group] = [call.value("o"), call.value("g")];
  const uid =
    owner === undefined
      ? undefined
      : (userNamed(call.files, owner)?.uid ?? (/^\d+$/.test(owner) ? Number(owner) : undefined));
  const gid =
    group === undefined
      ? undefined
      : (groupNamed(call.files, group)?.gid ?? (/^\d+$/.test(group) ? Number(group) : undefined));
  if (owner !== undefined && uid === undefined) throw new Fail(`invalid user ${quote(owner)}`);
  if (group !== undefined && gid === undefined) throw new Fail(`invalid group ${quote(group)}`);
  if (uid !== undefined || gid !== undefined) call.files.chown(call.path(name), uid, gid, call.who);
  call.files.chmod(call.path(name), mode, call.who);
}
