import { type Files, root } from "../../machine/define-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { groupNamed, groupsOf, type User } from "../../machine/users.ts";

/** A line of /etc/sudoers that says who may run what. */
export interface SudoRule {
  /** As sudo -l shows it. */
  readonly shown: string;
  readonly password: boolean;
  fits(machine: Machine, caller: User): boolean;
  allows(target: User, command: readonly string[]): boolean;
}

export interface Sudoers {
  readonly rules: readonly SudoRule[];
  readonly securePath: string;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Reads /etc/sudoers and what it includes. Aliases and wildcards in commands are not simulated. */
export function readSudoers(files: Files): Sudoers {
  const rules: SudoRule[] = [];
  let securePath = DEFAULT_PATH;
  for (const line of linesOf(files, "/etc/sudoers")) {
    const path = /^Defaults\s+secure_path\s*=\s*"?([^"\s]+)"?/.exec(line)?.[1];
    if (path) securePath = path;
    const rule = line.startsWith("Defaults") ? undefined : parseRule(line);
    if (rule) rules.push(rule);
  }
  return { rules, securePath };
}

function linesOf(files: Files, path: string, depth = 0): readonly string[] {
  if (depth > 5 || files.find(path, root)?.kind !== "file") return [];
  const text = files.read(path, root).replaceAll("\\\n", " ");
  return text.split("\n").flatMap((raw) => {
    const line = raw.trim();
    const [, what, where = ""] = /^[@#]include(dir)?\s+(\S+)/.exec(line) ?? [];
    if (where === "") return line === "" || line.startsWith("#") ? [] : [line];
    if (what === undefined) return linesOf(files, where, depth + 1);
    if (files.find(where, root)?.kind !== "directory") return [];
    const names = files.list(where, root).filter((name) => !name.includes(".") && !name.endsWith("~"));
    return names.flatMap((name) => linesOf(files, `${where}/${name}`, depth + 1));
  });
}

function parseRule(line: string): SudoRule | undefined {
  const [, who = "", host = "", runas = "root", rest = ""] =
    /^(\S+)\s+([^\s=]+)\s*=\s*(?:\(([^)]*)\))?\s*(.*)$/.exec(line) ?? [];
  if (who === "" || rest === "") return undefined;
  const tags = /^(?:(?:NOPASSWD|PASSWD|SETENV|NOSETENV|NOEXEC|EXEC):\s*)*/.exec(rest)?.[0] ?? "";
  const commands = rest
    .slice(tags.length)
    .split(",")
    .map((command) => command.trim());
  const users = (runas.split(":")[0] ?? "").split(",").map((name) => name.trim());
  const password = !tags.includes("NOPASSWD");
  const runasShown = runas
    .split(":")
    .map((part) => part.trim())
    .join(" : ");
  return {
    shown: `(${runasShown}) ${password ? "" : "NOPASSWD: "}${commands.join(", ")}`,
    password,
    fits: (machine, caller) => isWho(who, machine.files, caller) && (host === "ALL" || host === machine.name),
    allows: (target, command) =>
      (users.includes("ALL") || users.includes(target.name)) && commands.some((allowed) => covers(allowed, command)),
  };
}

function isWho(who: string, files: Files, caller: User): boolean {
  if (who === "ALL" || who === caller.name || who === `#${caller.uid}`) return true;
  const group = who.startsWith("%") ? groupNamed(files, who.slice(1)) : undefined;
  return group !== undefined && groupsOf(files, caller).includes(group.gid);
}

/** A command without arguments in the file allows any; "" allows none. */
function covers(allowed: string, command: readonly string[]): boolean {
  if (allowed === "ALL") return true;
  const [path = "", ...wanted] = allowed.split(/\s+/);
  const given = command.slice(1);
  const fitsPath = path.endsWith("/") ? command[0]?.startsWith(path) : command[0] === path;
  if (!fitsPath || wanted.length === 0) return fitsPath ?? false;
  if (wanted[0] === '""') return given.length === 0;
  return wanted.join(" ") === given.join(" ");
}

/** The last rule that fits decides. */
export function permission(
  sudoers: Sudoers,
  machine: Machine,
  caller: User,
  target: User,
  command: readonly string[],
): { readonly allowed: boolean; readonly password: boolean; readonly known: boolean } {
  const mine = sudoers.rules.filter((rule) => rule.fits(machine, caller));
  const rule = mine.findLast((one) => one.allows(target, command));
  return { allowed: rule !== undefined, password: rule?.password ?? true, known: mine.length > 0 };
}
