import type { Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";
import { copy } from "./shared/copy.ts";
import { destinations } from "./shared/destination.ts";
import { mayOverwrite } from "./shared/overwrite.ts";
import { quoteAlways } from "./shared/quote.ts";

/** cp: copies files and trees. */
export const cp = tool({
  name: "cp",
  usage: "[OPTION]... SOURCE... DEST",
  options:
    "a,archive attributes-only b backup? d f,force i,interactive H l,link L,dereference n,no-clobber P,no-dereference p preserve? no-preserve= parents r,R,recursive reflink? s,symbolic-link S,suffix= t,target-directory= T,no-target-directory u,update v,verbose x,one-file-system",
  *run(call) {
    const archive = call.has("a");
    const options = {
      recursive: archive || call.has("r"),
      keepLinks: archive || call.has("d") || call.has("P") || (call.has("r") && !call.has("L")),
      preserve: archive || call.has("p") || call.has("preserve"),
      force: call.has("f"),
      verbose: call.has("v"),
    };
    for (const { from, to } of destinations(call)) {
      if (!(yield* mayOverwrite(call, from, to))) continue;
      if (call.has("s") || call.has("l")) yield* makeLink(call, from, to);
      else yield* backedUp(call, to, () => copy(call, from, to, options));
    }
    return undefined;
  },
});

function* makeLink(call: Call, from: string, to: string): Task {
  if (call.files.find(call.path(to), call.who, { follow: false })) {
    yield* call.warn(`cannot create ${call.has("s") ? "symbolic link" : "hard link"} ${quoteAlways(to)}: File exists`);
    return;
  }
  if (call.has("s")) call.files.symlink(from, call.path(to), call.who);
  else call.files.link(call.path(from), call.path(to), call.who);
}

/** -b keeps what was there under its name with a tilde. */
function* backedUp(call: Call, to: string, run: () => Task<boolean>): Task {
  const backs = call.has("b") || call.has("backup");
  if (backs && call.files.find(call.path(to), call.who)?.kind === "file")
    call.files.rename(call.path(to), `${call.path(to)}${call.value("S") ?? "~"}`, call.who);
  yield* run();
}
