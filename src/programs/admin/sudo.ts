import { Errno, type Program, type Task } from "../../machine/define.ts";
import { resolveCommand, startCommand } from "../../machine/exec.ts";
import { journalOf } from "../../machine/journal.ts";
import { pathOf } from "../../machine/open-path.ts";
import type { Process } from "../../machine/process.ts";
import { credentialsOf, loginPath, type User, userById, userNamed } from "../../machine/users.ts";
import { askPassword, type ParsedArguments, parseArguments, standFor } from "./define.ts";
import { permission, readSudoers, type Sudoers } from "./sudoers.ts";

const KNOWN =
  "+ u,user= g,group= i,login s,shell E,preserve-env? n,non-interactive H,set-home k,reset-timestamp K v,validate l,list S,stdin b,background p,prompt= h,host= D,chdir= V,version";

/** Variables that env_reset keeps (sudoers(5), Debian's defaults). */
const kept = ["TERM", "DISPLAY", "LANG", "LANGUAGE", "COLORTERM", "LS_COLORS", "TZ", "PS1", "PS2", "XAUTHORITY"];

/** Runs a command as another user, as /etc/sudoers allows. */
export const sudo: Program = {
  name: "sudo",
  *run(proc, argv) {
    const given = parseArguments(argv, KNOWN);
    const { options } = given;
    if (given.problem !== undefined) return yield* say(proc, `${given.problem}\n${usage}`, 1, "sudo: ");
    if (options.has("V")) {
      yield* proc.write(1, "Sudo version 1.9.13p3\n");
      return 0;
    }
    const { files } = proc.machine;
    const caller = userById(files, proc.credentials.uid);
    if (!caller) return yield* say(proc, `you do not exist in the passwd database\n`, 1, "sudo: ");
    const targetName = options.get("u") ?? "root";
    const target = targetName.startsWith("#")
      ? userById(files, Number(targetName.slice(1)))
      : userNamed(files, targetName);
    if (!target)
      return yield* say(
        proc,
        `unknown user ${targetName}\nsudo: error initializing audit plugin sudoers_audit\n`,
        1,
        "sudo: ",
      );
    const sudoers = readSudoers(files);
    if (options.has("k") && given.operands.length === 0) return 0;
    if (options.has("l")) return yield* list(proc, sudoers, caller);
    const { assignments, command } = parted(given.operands);
    if (command.length === 0 && !options.has("i") && !options.has("s") && !options.has("v"))
      return yield* say(proc, usage, 1, "");
    const refused = yield* authenticate(proc, sudoers, caller, target, command, options);
    if (refused !== undefined) return refused;
    if (options.has("v")) return 0;
    return yield* runAs(proc, caller, target, given, assignments, command, sudoers);
  },
};

const usage = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...
`;

function* say(proc: Process, message: string, status: number, before: string): Task<number> {
  yield* proc.write(2, before + message);
  return status;
}

function parted(words: readonly string[]): { assignments: readonly string[]; command: readonly string[] } {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const at = first < 0 ? words.length : first;
  return { assignments: words.slice(0, at), command: words.slice(at) };
}

/** Whether the caller may, after a password where one is asked for. Returns the status of a refusal. */
function* authenticate(
  proc: Process,
  sudoers: Sudoers,
  caller: User,
  target: User,
  command: readonly string[],
  options: ParsedArguments["options"],
): Task<number | undefined> {
  if (caller.uid === 0) return undefined;
  const found = command.length === 0 ? undefined : resolveCommand(proc, command[0] ?? "", sudoers.securePath);
  const path = found && "path" in found ? pathOf(proc, found.path) : (command[0] ?? target.shell);
  const full = options.has("i") || options.has("s") ? [target.shell] : [path, ...command.slice(1)];
  const verdict = permission(sudoers, proc.machine, caller, target, full);
  if (verdict.allowed && !verdict.password) return undefined;
  if (options.has("n")) return yield* say(proc, "a password is required\n", 1, "sudo: ");
  const refused = yield* passwordRefused(proc, caller, options.get("p"));
  if (refused !== undefined) return refused;
  if (verdict.known) {
    const where = `${proc.machine.name}.\n`;
    return yield* say(
      proc,
      `Sorry, user ${caller.name} is not allowed to execute '${full.join(" ")}' as ${target.name} on ${where}`,
      1,
      "",
    );
  }
  return yield* say(proc, `${caller.name} is not in the sudoers file.\n`, 1, "");
}

/** No user of a simulated host has a password that would be right. */
function* passwordRefused(
  proc: Process,
  caller: User,
  prompt = `[sudo] password for ${caller.name}: `,
): Task<number | undefined> {
  for (let tries = 1; tries <= 3; tries++) {
    const typed = yield* askPassword(proc, prompt);
    if (typed === undefined)
      return yield* say(
        proc,
        "a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n",
        1,
        "sudo: ",
      );
    if (tries < 3) yield* say(proc, "Sorry, try again.\n", 1, "");
  }
  return yield* say(proc, "3 incorrect password attempts\n", 1, "sudo: ");
}

function* list(proc: Process, sudoers: Sudoers, caller: User): Task<number> {
  const { name } = proc.machine;
  const rules = sudoers.rules.filter((rule) => rule.fits(proc.machine, caller));
  if (rules.length === 0)
    return yield* say(proc, `User ${caller.name} is not allowed to run sudo on ${name}.\n`, 1, "");
  yield* proc.write(
    1,
    `Matching Defaults entries for ${caller.name} on ${name}:
    env_reset, secure_path=${sudoers.securePath.replaceAll(":", "\\:")}, use_pty

User ${caller.name} may run the following commands on ${name}:
${rules.map((rule) => `    ${rule.shown}\n`).join("")}`,
  );
  return 0;
}

function* runAs(
  proc: Process,
  caller: User,
  target: User,
  { options }: ParsedArguments,
  assignments: readonly string[],
  command: readonly string[],
  sudoers: Sudoers,
): Task<number> {
  const { files } = proc.machine;
  const login = options.has("i");
  const env = environment(proc, caller, target, options, sudoers);
  for (const word of assignments) env.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
  const argv = login || options.has("s") ? shellCommand(target, proc, login, command) : command;
  const home = files.find(target.home, credentialsOf(files, target))?.kind === "directory" ? target.home : "/";
  env.set("SUDO_COMMAND", argv.join(" "));
  const group = options.get("g") === undefined ? undefined : Number(options.get("g")?.replace(/^#/, ""));
  const credentials = credentialsOf(files, target);
  const shellPath = login || options.has("s") ? target.shell : undefined;
  try {
    const child = startCommand(proc, shellPath ? [shellPath, ...argv.slice(1)] : argv, {
      env,
      cwd: options.get("D") ?? (login ? home : proc.cwd),
      credentials: group !== undefined && Number.isInteger(group) ? { ...credentials, gid: group } : credentials,
    });
    if (login) child.argv = argv;
    log(proc, caller, target, argv);
    return yield* standFor(proc, child);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* say(proc, `${argv[0]}: command not found\n`, 1, "sudo: ");
  }
}

/** sudo escapes what a shell would read before it hands the words to the shell's -c. */
function shellCommand(target: User, proc: Process, login: boolean, command: readonly string[]): readonly string[] {
  const shell = login ? target.shell : (proc.env.get("SHELL") ?? target.shell);
  const first = login ? `-${shell.slice(shell.lastIndexOf("/") + 1)}` : shell;
  if (command.length === 0) return [first];
  return [first, "-c", command.map((word) => word.replace(/[^A-Za-z0-9_\-$]/g, "\\$&")).join(" ")];
}

function environment(
  proc: Process,
  caller: User,
  target: User,
  options: ParsedArguments["options"],
  sudoers: Sudoers,
): Map<string, string> {
  const preserves = options.has("E");
  const names = options.get("E");
  const wanted = names ? [...kept, ...names.split(",")] : kept;
  const env = new Map(
    preserves && !names ? proc.env : [...proc.env].filter(([name]) => wanted.includes(name) || name.startsWith("LC_")),
  );
  env.set("PATH", options.has("i") ? loginPath(target) : sudoers.securePath);
  if (!preserves || options.has("H") || options.has("i") || names) env.set("HOME", target.home);
  env
    .set("LOGNAME", target.name)
    .set("USER", target.name)
    .set("SHELL", target.shell)
    .set("MAIL", `/var/mail/${target.name}`);
  env.set("SUDO_USER", caller.name).set("SUDO_UID", String(caller.uid)).set("SUDO_GID", String(proc.credentials.gid));
  return env;
}

function log(proc: Process, caller: User, target: User, argv: readonly string[]): void {
  const tty = proc.terminal ? "pts/0" : "unknown";
  journalOf(proc.machine).add({
    unit: undefined,
    identifier: "sudo",
    pid: proc.pid,
    priority: 5,
    message: `${caller.name} : TTY=${tty} ; PWD=${proc.cwd} ; USER=${target.name} ; COMMAND=${argv.join(" ")}`,
  });
}
