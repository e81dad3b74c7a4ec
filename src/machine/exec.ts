import { Errno, type Program, type ProgramTable, type Task } from "./define.ts";
import { type Files, root } from "./define-files.ts";
import { type Seed, seedOf, sow } from "./files/seed.ts";
import { pathOf } from "./open-path.ts";
import type { Process, SpawnOptions } from "./process.ts";

/** How the file of a program begins; its name in the program table follows, up to the end of the line. */
const ELF = "\u007fELF";
const DEFAULT_FOLDER = "/usr/bin";
/** Where execvp(3) looks when PATH is not set (glibc's default). */
const DEFAULT_PATH = "/bin:/usr/bin";

/** What a command's name leads to: a file, or why none can be run, with the shell's words and exit status. */
export type ResolvedCommand = { readonly path: string } | { readonly failed: string; readonly status: 126 | 127 };

/** Looks a command up as a shell does: over PATH, or as a path when it holds a slash. */
export function resolveCommand(proc: Process, name: string, path = proc.env.get("PATH") ?? ""): ResolvedCommand {
  if (name.includes("/")) return byPath(proc, name);
  let denied: string | undefined;
  for (const folder of name === "" ? [] : path.split(":")) {
    const candidate = `${folder === "" ? "." : folder}/${name}`;
    const absolute = pathOf(proc, candidate);
    const files = proc.machine.filesAt(absolute);
    if (files.find(absolute, proc.credentials)?.kind !== "file") continue;
    if (files.may(absolute, "x", proc.credentials)) return { path: candidate };
    denied ??= candidate;
  }
  return denied ? { failed: "Permission denied", status: 126 } : { failed: "command not found", status: 127 };
}

function byPath(proc: Process, name: string): ResolvedCommand {
  const absolute = pathOf(proc, name);
  const files = proc.machine.filesAt(absolute);
  try {
    if (files.stat(absolute, proc.credentials).kind === "directory") return { failed: "Is a directory", status: 126 };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return { failed: error.message, status: error.code === "ENOENT" ? 127 : 126 };
  }
  if (!files.may(absolute, "x", proc.credentials)) return { failed: "Permission denied", status: 126 };
  return { path: name };
}

/**
 * execve(2): the body of a process that runs the file at `path`. `argv` has the command's name first. Errno ENOEXEC for
 * text without #! (a shell then runs it itself) and for binaries that this host cannot run. Set-id bits have no effect:
 * sudo and su change the user by themselves.
 */
export function execBody(
  proc: Process,
  path: string,
  argv: readonly string[],
  depth = 0,
): (proc: Process) => Task<number> {
  const { programs } = proc.machine;
  const absolute = pathOf(proc, path);
  const files = proc.machine.filesAt(absolute);
  const { kind } = files.stat(absolute, proc.credentials);
  if (kind !== "file" || !files.may(absolute, "x", proc.credentials)) throw new Errno("EACCES", path);
  const native = proc.machine.native?.(absolute);
  const text = native ? "" : files.read(absolute, root);
  const program = native ?? programOf(text, programs);
  if (program) return (self) => runProgram(self, program, argv);
  const script = interpreterOf(text);
  if (!script) throw new Errno("ENOEXEC", path);
  if (depth >= 4) throw new Errno("ELOOP", path);
  return execBody(
    proc,
    script.path,
    [script.path, ...(script.argument === undefined ? [] : [script.argument]), path, ...argv.slice(1)],
    depth + 1,
  );
}

function* runProgram(proc: Process, program: Program, argv: readonly string[]): Task<number> {
  proc.argv = argv;
  return yield* program.run(proc, argv.slice(1));
}

function programOf(text: string, programs: ProgramTable): Program | undefined {
  if (!text.startsWith(ELF)) return undefined;
  const end = text.indexOf("\n");
  return programs.get(text.slice(ELF.length, end < 0 ? undefined : end));
}

/** Whether a file is a binary, which no shell may read as a script. */
export function isBinary(text: string): boolean {
  const end = text.indexOf("\n");
  return text.slice(0, end < 0 ? 80 : Math.min(end, 80)).includes("\0") || text.startsWith(ELF);
}

/** What a script's #! line says: the interpreter, and everything after it as one argument. */
export function interpreterOf(text: string): { path: string; argument: string | undefined } | undefined {
  const line = text.startsWith("#!") ? /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*)/.exec(text.slice(0, 256)) : undefined;
  if (!line?.[1]) return undefined;
  const argument = (line[2] ?? "").trimEnd();
  return { path: line[1], argument: argument === "" ? undefined : argument };
}

/**
 * Starts a command as execvp(3) does in a child: over PATH, text without #! by /bin/sh. Errno ENOENT or EACCES. What
 * env, sudo, xargs, timeout and the like use.
 */
export function startCommand(
  proc: Process,
  argv: readonly string[],
  options?: Partial<Omit<SpawnOptions, "argv" | "body">>,
): Process {
  return proc.spawn({ ...options, argv, body: commandBody(proc, argv, options?.env) });
}

/** The body of the process that a command line's words start; looked up with the PATH of `env`. */
export function commandBody(
  proc: Process,
  argv: readonly string[],
  env: ReadonlyMap<string, string> = proc.env,
): (proc: Process) => Task<number> {
  const name = argv[0] ?? "";
  const found = resolveCommand(proc, name, env.get("PATH") ?? DEFAULT_PATH);
  if ("failed" in found) throw new Errno(found.status === 127 ? "ENOENT" : "EACCES", name);
  try {
    return execBody(proc, found.path, argv);
  } catch (error) {
    if (!(error instanceof Errno && error.code === "ENOEXEC")) throw error;
    return execBody(proc, "/bin/sh", ["/bin/sh", found.path, ...argv.slice(1)]);
  }
}

/** The table of programs by all their names. */
export function programTable(programs: Iterable<Program>): ProgramTable {
  const table = new Map<string, Program>();
  for (const program of programs) for (const name of [program.name, ...(program.also ?? [])]) table.set(name, program);
  return table;
}

/** Writes the files of programs, so that they can be run, copied, moved and forbidden like any other. */
export function installPrograms(files: Files, programs: Iterable<Program>): void {
  const seeds: Seed[] = [];
  const folders = new Set<string>();
  for (const program of programs) {
    const folder = program.folder ?? DEFAULT_FOLDER;
    folders.add(folder);
    for (const name of [program.name, ...(program.also ?? [])])
      seeds.push(seedOf(`${folder}/${name}`, `${ELF}${name}\n`, { mode: 0o755 }));
  }
  for (const folder of folders) files.mkdir(folder, root, { parents: true });
  sow(files, seeds);
}
