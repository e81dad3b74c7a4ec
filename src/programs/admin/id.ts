import type { Program, Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { credentialsOf, groupById, userById, userNamed } from "../../machine/users.ts";
import { parseArguments } from "./define.ts";

/** Says who one is, or who another user is. */
export const id: Program = {
  name: "id",
  *run(proc, argv) {
    const given = parseArguments(argv, "u,user g,group G,groups n,name r,real z,zero");
    const fail = function* (message: string): Task<number> {
      yield* proc.write(2, `id: ${message}\n`);
      return 1;
    };
    if (given.problem !== undefined) return yield* fail(`${given.problem}\nTry 'id --help' for more information.`);
    const { options } = given;
    const kinds = ["u", "g", "G"].filter((kind) => options.has(kind));
    if (kinds.length > 1) return yield* fail('cannot print "only" of more than one choice');
    if (kinds.length === 0 && options.has("n"))
      return yield* fail("cannot print only names or real IDs in default format");
    const names = given.operands.length > 0 ? given.operands : [undefined];
    let status = 0;
    for (const name of names) {
      const text = describe(proc, name, kinds[0], options.has("n"));
      if (text === undefined) status = yield* fail(`‘${name}’: no such user`);
      else yield* proc.write(1, `${text}\n`);
    }
    return status;
  },
};

function describe(
  proc: Process,
  name: string | undefined,
  kind: string | undefined,
  byName: boolean,
): string | undefined {
  const { files } = proc.machine;
  const user =
    name === undefined
      ? undefined
      : (userNamed(files, name) ?? (/^\d+$/.test(name) ? userById(files, Number(name)) : undefined));
  if (name !== undefined && !user) return undefined;
  const who = user ? credentialsOf(files, user) : proc.credentials;
  const groups = [...new Set([who.gid, ...who.groups])];
  const userName = userById(files, who.uid)?.name;
  const groupName = (gid: number) => groupById(files, gid)?.name;
  if (kind === "u") return byName ? (userName ?? String(who.uid)) : String(who.uid);
  if (kind === "g") return byName ? (groupName(who.gid) ?? String(who.gid)) : String(who.gid);
  if (kind === "G") return groups.map((gid) => (byName ? (groupName(gid) ?? String(gid)) : String(gid))).join(" ");
  const both = (number: number, named: string | undefined) =>
    named === undefined ? String(number) : `${number}(${named})`;
  return `uid=${both(who.uid, userName)} gid=${both(who.gid, groupName(who.gid))} groups=${groups.map((gid) => both(gid, groupName(gid))).join(",")}`;
}

export const whoami: Program = {
  name: "whoami",
  *run(proc) {
    const name = userById(proc.machine.files, proc.credentials.uid)?.name;
    yield* proc.write(
      name === undefined ? 2 : 1,
      name === undefined ? `whoami: cannot find name for user ID ${proc.credentials.uid}\n` : `${name}\n`,
    );
    return name === undefined ? 1 : 0;
  },
};

export const groups: Program = {
  name: "groups",
  *run(proc, argv) {
    if (argv.length === 0) {
      yield* proc.write(1, `${describe(proc, undefined, "G", true)}\n`);
      return 0;
    }
    let status = 0;
    for (const name of argv) {
      const text = describe(proc, name, "G", true);
      if (text === undefined) {
        yield* proc.write(2, `groups: ‘${name}’: no such user\n`);
        status = 1;
      } else yield* proc.write(1, `${name} : ${text}\n`);
    }
    return status;
  },
};
