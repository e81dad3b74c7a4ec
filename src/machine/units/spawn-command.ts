import { type Credentials, Errno, type OpenFile, type Task } from "../define.ts";
import { type Files, root } from "../define-files.ts";
import { execBody } from "../exec.ts";
import { journalOf } from "../journal.ts";
import type { Machine } from "../machine.ts";
import type { Process } from "../process.ts";
import { credentialsOf, groupNamed, type User, userById, userNamed } from "../users.ts";
import { expandWords, parseCommand, parseEnvironment, parseEnvironmentFile } from "./command-line.ts";
import { setting, settingsOf, type UnitSettings } from "./parse-unit.ts";

/** The PATH that system services get (systemd 252). */
const SERVICE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A command of a unit that was started, or why it could not even be tried. */
export interface Spawned {
  readonly proc: Process;
  /** As status shows it. */
  readonly line: string;
  readonly ignoresFailure: boolean;
}

/** Starts a command of a unit as its user, with its environment, its output going to the journal. Errno for missing environment files. */
export function spawnCommand(
  machine: Machine,
  unit: string,
  settings: UnitSettings,
  line: string,
  mainPid?: number,
): Spawned {
  const env = environmentOf(machine.files, settings);
  if (mainPid !== undefined) env.set("MAINPID", String(mainPid));
  const command = parseCommand(substituteSpecifiers(line, unit, machine.name));
  const unset: string[] = [];
  const words = expandWords(command, env, (name) => unset.push(name));
  const path = words[0] ?? "";
  const argv = command.namesItself ? words.slice(1) : words;
  const box: { proc?: Process } = {};
  const journal = journalOf(machine);
  const name = setting(settings, "Service", "SyslogIdentifier") ?? path.slice(path.lastIndexOf("/") + 1);
  const proc = machine.start(
    {
      argv,
      env,
      cwd: setting(settings, "Service", "WorkingDirectory")?.replace(/^-/, "") ?? "/",
      credentials: root,
      group: "new",
      terminal: null,
      cgroup: `/system.slice/${unit}`,
      fds: descriptors(
        machine,
        settings,
        journal.writer(unit, name, () => box.proc?.pid),
      ),
      body: bodyOf(unit, settings, path, argv, unset),
    },
    machine.processes.get(1),
  );
  box.proc = proc;
  return { proc, line: words.join(" "), ignoresFailure: command.ignoresFailure };
}

/** What the child does before and until it executes the command; its failures have systemd's exit statuses. */
function bodyOf(unit: string, settings: UnitSettings, path: string, argv: readonly string[], unset: readonly string[]) {
  return function* body(proc: Process): Task<number> {
    const say = (message: string, priority: number) =>
      journalOf(proc.machine).add({
        unit,
        identifier: "systemd",
        pid: proc.pid,
        priority,
        message: `${unit}: ${message}`,
      });
    const failAt = (step: string, words: string, status: number) => {
      say(`Failed at step ${step} spawning ${path}: ${words}`, 3);
      return status;
    };
    for (const name of unset) say(`Referenced but unset environment variable evaluates to an empty string: ${name}`, 4);
    const { files } = proc.machine;
    const who = credentialsFor(files, settings, proc);
    if (who === "no user") {
      say("Failed to determine user credentials: No such process", 3);
      return failAt("USER", "No such process", 217);
    }
    if (who === "no group") return failAt("GROUP", "No such process", 216);
    if (who) proc.credentials = who;
    proc.umask = Number.parseInt(setting(settings, "Service", "UMask") ?? "0022", 8);
    const directory = setting(settings, "Service", "WorkingDirectory");
    if (directory && !directory.startsWith("-") && files.find(directory, proc.credentials)?.kind !== "directory")
      return failAt("CHDIR", "No such file or directory", 200);
    try {
      const found = path.includes("/") ? path : lookUp(files, path);
      const run = execBody(proc, found, argv);
      return yield* run(proc);
    } catch (error) {
      if (!(error instanceof Errno) || error.path !== path) throw error;
      if (error.code === "ENOENT") say(`Failed to locate executable ${path}: ${error.message}`, 3);
      return failAt("EXEC", error.message, 203);
    }
  };
}

function lookUp(files: Files, name: string): string {
  for (const folder of SERVICE_PATH.split(":"))
    if (files.may(`${folder}/${name}`, "x", root)) return `${folder}/${name}`;
  throw new Errno("ENOENT", name);
}

function credentialsFor(
  files: Files,
  settings: UnitSettings,
  proc: Process,
): Credentials | "no user" | "no group" | undefined {
  const name = setting(settings, "Service", "User");
  const groupName = setting(settings, "Service", "Group");
  if (name === undefined && groupName === undefined) return undefined;
  const user: User | undefined = /^\d+$/.test(name ?? "")
    ? userById(files, Number(name))
    : userNamed(files, name ?? "root");
  if (!user) return "no user";
  proc.env.set("USER", user.name).set("LOGNAME", user.name).set("HOME", user.home).set("SHELL", user.shell);
  const credentials = credentialsOf(files, user);
  if (groupName === undefined) return credentials;
  const group = groupNamed(files, groupName);
  return group ? { ...credentials, gid: group.gid } : "no group";
}

function environmentOf(files: Files, settings: UnitSettings): Map<string, string> {
  const env = new Map([
    ["PATH", SERVICE_PATH],
    ["LANG", "C.UTF-8"],
  ]);
  for (const line of settingsOf(settings, "Service", "Environment"))
    for (const [name, value] of parseEnvironment(line)) env.set(name, value);
  for (const line of settingsOf(settings, "Service", "EnvironmentFile")) {
    const optional = line.startsWith("-");
    const path = optional ? line.slice(1) : line;
    if (optional && files.find(path, root)?.kind !== "file") continue;
    for (const [name, value] of parseEnvironmentFile(files.read(path, root))) env.set(name, value);
  }
  return env;
}

function descriptors(machine: Machine, settings: UnitSettings, toJournal: OpenFile): Map<number, OpenFile> {
  const { files } = machine;
  const none = files.open("/dev/null", root, { read: true, write: true });
  const output = setting(settings, "Service", "StandardOutput") ?? "journal";
  const out = outputFor(files, output, none, toJournal);
  const errors = setting(settings, "Service", "StandardError") ?? "inherit";
  return new Map([
    [0, none],
    [1, out],
    [2, errors === "inherit" ? out : outputFor(files, errors, none, toJournal)],
  ]);
}

function outputFor(files: Files, kind: string, none: OpenFile, toJournal: OpenFile): OpenFile {
  if (kind === "null") return none;
  const [, how, path] = /^(file|append|truncate):(.*)$/.exec(kind) ?? [];
  if (!path) return toJournal;
  return files.open(path, root, { write: true, create: true, append: how === "append", truncate: how === "truncate" });
}

/** The specifiers of systemd.unit(5) that services use. */
function substituteSpecifiers(line: string, unit: string, host: string): string {
  const stem = unit.slice(0, unit.lastIndexOf("."));
  const [prefix = "", instance = ""] = stem.split("@");
  const values: Readonly<Record<string, string>> = {
    n: unit,
    N: stem,
    p: prefix,
    i: instance,
    H: host,
    t: "/run",
    S: "/var/lib",
    "%": "%",
  };
  return line.replace(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole);
}
