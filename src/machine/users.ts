import { type Credentials, Errno } from "./define.ts";
import { type Files, root } from "./define-files.ts";

/** A line of /etc/passwd. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** What stood in the two files when they were last read, so that `ls -l` does not parse them for every line. */
interface Known {
  passwd: string;
  users: readonly User[];
  group: string;
  groups: readonly Group[];
}
const known = new WeakMap<Files, Known>();

/** The users of a host, as its /etc/passwd says now. */
export function usersOf(files: Files): readonly User[] {
  return lookAt(files).users;
}

/** The groups of a host, as its /etc/group says now. */
export function groupsIn(files: Files): readonly Group[] {
  return lookAt(files).groups;
}

export function userNamed(files: Files, name: string): User | undefined {
  return usersOf(files).find((user) => user.name === name);
}

export function userById(files: Files, uid: number): User | undefined {
  return usersOf(files).find((user) => user.uid === uid);
}

export function groupNamed(files: Files, name: string): Group | undefined {
  return groupsIn(files).find((group) => group.name === name);
}

export function groupById(files: Files, gid: number): Group | undefined {
  return groupsIn(files).find((group) => group.gid === gid);
}

/** The numbers of a user's groups, the primary one first (initgroups). */
export function groupsOf(files: Files, user: User): readonly number[] {
  const others = groupsIn(files).filter((group) => group.gid !== user.gid && group.members.includes(user.name));
  return [user.gid, ...others.map((group) => group.gid)];
}

/** What a process of this user may do. */
export function credentialsOf(files: Files, user: User): Credentials {
  return { uid: user.uid, gid: user.gid, groups: groupsOf(files, user) };
}

/** Root's and others' PATH at login (Debian's /etc/login.defs). */
export function loginPath(user: User): string {
  return user.uid === 0
    ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    : "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";
}

/** The environment a login starts with. */
export function loginEnvironment(user: User): Map<string, string> {
  return new Map([
    ["USER", user.name],
    ["LOGNAME", user.name],
    ["HOME", user.home],
    ["PATH", loginPath(user)],
    ["SHELL", user.shell],
  ]);
}

/** Adds a user with a group of its own name, groups it is also in, and a home filled from /etc/skel (adduser). */
export function addUser(files: Files, user: User, alsoIn: readonly string[] = []): void {
  if (userNamed(files, user.name)) throw new Errno("EEXIST", user.name);
  const { name, uid, gid, comment, home, shell } = user;
  files.write("/etc/passwd", `${name}:x:${uid}:${gid}:${comment}:${home}:${shell}\n`, root, { append: true });
  files.write("/etc/shadow", `${name}:!:20000:0:99999:7:::\n`, root, { append: true, mode: 0o640 });
  const groups = groupsIn(files).map((group) =>
    alsoIn.includes(group.name) ? { ...group, members: [...group.members, name] } : group,
  );
  if (!groups.some((group) => group.gid === gid)) groups.push({ name, gid, members: [] });
  files.write("/etc/group", groups.map((group) => `${group.name}:x:${group.gid}:${group.members}\n`).join(""), root);
  makeHome(files, user);
}

function makeHome(files: Files, { uid, gid, home }: User): void {
  if (files.find(home, root)) return;
  files.mkdir(home, root, { parents: true });
  for (const name of files.find("/etc/skel", root) ? files.list("/etc/skel", root) : []) {
    files.write(`${home}/${name}`, files.read(`/etc/skel/${name}`, root), root);
    files.chown(`${home}/${name}`, uid, gid, root);
  }
  files.chmod(home, 0o750, root);
  files.chown(home, uid, gid, root);
}

function lookAt(files: Files): Known {
  const passwd = textOr(files, "/etc/passwd");
  const group = textOr(files, "/etc/group");
  const before = known.get(files);
  if (before && before.passwd === passwd && before.group === group) return before;
  const now: Known = { passwd, users: parse(passwd, 7, userOf), group, groups: parse(group, 4, groupOf) };
  known.set(files, now);
  return now;
}

function textOr(files: Files, path: string): string {
  return files.find(path, root)?.kind === "file" ? files.read(path, root) : "";
}

function parse<T>(text: string, fields: number, make: (fields: readonly string[]) => T): readonly T[] {
  const lines = text.split("\n").map((line) => line.split(":"));
  return lines.filter((parts) => parts.length === fields && /^\d+$/.test(parts[2] ?? "")).map(make);
}

function userOf([name = "", , uid = "", gid = "", comment = "", home = "", shell = ""]: readonly string[]): User {
  return { name, uid: Number(uid), gid: Number(gid), comment, home: home || "/", shell: shell || "/bin/sh" };
}

function groupOf([name = "", , gid = "", members = ""]: readonly string[]): Group {
  return { name, gid: Number(gid), members: members === "" ? [] : members.split(",") };
}
