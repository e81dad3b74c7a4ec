import { Errno, type Task } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { groupById, groupNamed, userById, userNamed } from "../../machine/users.ts";
import { type Call, Fail, tool } from "./define.ts";
import { eachBelow } from "./shared/each-below.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

interface Owner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

const options =
  "c,changes f,silent,quiet v,verbose dereference h,no-dereference from= reference= R,recursive H L P preserve-root no-preserve-root";

/** chown: changes owner and group. */
export const chown = tool({
  name: "chown",
  usage: "[OPTION]... [OWNER][:[GROUP]] FILE...",
  options,
  *run(call) {
    yield* change(call, (text) => ownerOf(call, text));
    return undefined;
  },
});

/** chgrp: changes the group. */
export const chgrp = tool({
  name: "chgrp",
  usage: "[OPTION]... GROUP FILE...",
  options,
  *run(call) {
    yield* change(call, (text) => ({ uid: undefined, gid: text === "" ? undefined : groupId(call, text, text) }));
    return undefined;
  },
});

function* change(call: Call, parse: (text: string) => Owner): Task {
  const reference = call.value("reference");
  const [text, ...rest] = call.operands;
  if (text === undefined) throw call.misuse("missing operand");
  if (reference === undefined && rest.length === 0) throw call.misuse(`missing operand after ${quote(text)}`);
  const owner = reference === undefined ? parse(text) : like(call, reference);
  const names = reference === undefined ? rest : call.operands;
  for (const name of names)
    yield* eachBelow(call, name, call.has("R"), (path, stat) => set(call, path, stat, owner), !call.has("h"));
}

function like(call: Call, name: string): Owner {
  const found = call.files.find(call.path(name), call.who);
  if (!found) throw new Fail(`failed to get attributes of ${quoteAlways(name)}: No such file or directory`);
  return { uid: call.name === "chown" ? found.uid : undefined, gid: found.gid };
}

/** user, user:group, user: (the user's own group), :group; a dot for a colon is not taken. */
function ownerOf(call: Call, text: string): Owner {
  const colon = text.indexOf(":");
  const [name, group] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
  const known = name === "" ? undefined : userNamed(call.files, name);
  const uid = name === "" ? undefined : (known?.uid ?? (/^\d+$/.test(name) ? Number(name) : undefined));
  if (name !== "" && uid === undefined) throw new Fail(`invalid user: ${quote(text)}`);
  if (group === undefined) return { uid, gid: undefined };
  if (group !== "") return { uid, gid: groupId(call, group, text) };
  if (name !== "" && !known) throw new Fail(`invalid spec: ${quote(text)}`);
  return { uid, gid: known?.gid };
}

function groupId(call: Call, name: string, text: string): number {
  const gid = groupNamed(call.files, name)?.gid ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  if (gid === undefined) throw new Fail(`invalid group: ${quote(text)}`);
  return gid;
}

function* set(call: Call, name: string, stat: Stat, { uid, gid }: Owner): Task {
  try {
    call.files.chown(call.path(name), uid, gid, call.who, { follow: !call.has("h") && stat.kind !== "link" });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (call.has("f")) call.status = 1;
    else
      yield* call.warn(
        `changing ${uid === undefined ? "group" : "ownership"} of ${quoteAlways(name)}: ${error.message}`,
      );
    return;
  }
  const changed = (uid !== undefined && uid !== stat.uid) || (gid !== undefined && gid !== stat.gid);
  if (!call.has("v") && !(call.has("c") && changed)) return;
  const words = (owner: Owner) => {
    const user = owner.uid === undefined ? undefined : (userById(call.files, owner.uid)?.name ?? String(owner.uid));
    const group = owner.gid === undefined ? undefined : (groupById(call.files, owner.gid)?.name ?? String(owner.gid));
    return user === undefined ? group : group === undefined ? user : `${user}:${group}`;
  };
  const before = words({
    uid: uid === undefined ? undefined : stat.uid,
    gid: gid === undefined ? undefined : stat.gid,
  });
  const what = uid === undefined ? "group" : "ownership";
  call.out.put(
    changed
      ? `changed ${what} of ${quoteAlways(name)} from ${before} to ${words({ uid, gid })}\n`
      : `${what} of ${quoteAlways(name)} retained as ${words({ uid, gid })}\n`,
  );
}
