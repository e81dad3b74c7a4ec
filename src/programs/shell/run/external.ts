import { Errno, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { execBody, interpreterOf, isBinary, resolveCommand } from "../../../machine/exec.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import type { Shell } from "../shell.ts";
import type { Node } from "../syntax/ast.ts";
import { groupForJob, waitForJob } from "../wait.ts";
import { fork, start } from "./child.ts";
import { runFileText } from "./run-file.ts";

type Body = (proc: Process) => Task<number>;

/** Where a command's file is: from the hash table, or looked up over PATH. */
export function locate(shell: Shell, name: string, path?: string): ReturnType<typeof resolveCommand> {
  const known = name.includes("/") || path !== undefined ? undefined : shell.hashed.get(name);
  if (known && shell.proc.machine.files.may(pathOf(shell.proc, known.path), "x", shell.proc.credentials)) {
    known.hits++;
    return { path: known.path };
  }
  const found = resolveCommand(shell.proc, name, path ?? shell.vars.get("PATH") ?? "");
  if ("path" in found && path === undefined && !name.includes("/") && shell.has("hashall"))
    shell.hashed.set(name, { path: found.path, hits: 1 });
  return found;
}

/** What a process must run to be the command; a text where it cannot be run. */
function bodyOf(
  shell: Shell,
  path: string,
  argv: readonly string[],
): Body | "script" | { failed: string; status: number } {
  try {
    return execBody(shell.proc, path, argv);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOEXEC") return notExecutable(shell, path);
    if (error.code === "ENOENT") return { failed: "cannot execute: required file not found", status: 127 };
    const interpreter = error.code === "EACCES" ? interpreterAt(shell, path) : undefined;
    if (interpreter !== undefined) return { failed: `${interpreter}: bad interpreter: ${error.message}`, status: 126 };
    return { failed: error.message, status: 126 };
  }
}

function notExecutable(shell: Shell, path: string): "script" | { failed: string; status: number } {
  const text = shell.proc.machine.files.read(pathOf(shell.proc, path), root);
  return isBinary(text) ? { failed: "cannot execute binary file: Exec format error", status: 126 } : "script";
}

function interpreterAt(shell: Shell, path: string): string | undefined {
  const { files } = shell.proc.machine;
  return interpreterOf(files.read(pathOf(shell.proc, path), root))?.path;
}

/** Runs a program in a process of its own and waits for it. */
export function* runExternal(
  shell: Shell,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  what: Node | string,
  path?: string,
): Task<number> {
  const name = argv[0] ?? "";
  const found = locate(shell, name, path);
  if ("failed" in found) return yield* notFound(shell, argv, found);
  const body = bodyOf(shell, found.path, argv);
  if (typeof body === "object") {
    yield* shell.complain(`${name}: ${body.failed}`);
    return body.status;
  }
  const full = new Map(env).set("_", found.path);
  const group = groupForJob(shell);
  const child =
    body === "script"
      ? yield* fork(shell, (copy) => runFileText(copy, found.path, argv), { argv, group, env: full })
      : yield* start(shell, { argv, env: full, body, ...(group && { group }) });
  const [status = 0] = yield* waitForJob(shell, [child], what);
  return status;
}

function* notFound(shell: Shell, argv: readonly string[], found: { failed: string; status: number }): Task<number> {
  const name = argv[0] ?? "";
  const handler =
    found.status === 127 && !name.includes("/") ? shell.functions.get("command_not_found_handle") : undefined;
  if (handler) return yield* shell.run.callFunction(shell, handler, argv);
  yield* shell.complain(`${name}: ${found.failed}`);
  return found.status;
}

/** The program takes the place of this (sub)shell in its process. */
export function* becomeExternal(
  shell: Shell,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
  options: { readonly named?: string | undefined; readonly exec?: boolean; readonly path?: string } = {},
): Task<number> {
  const name = argv[0] ?? "";
  const found = locate(shell, name, options.path);
  if ("failed" in found) {
    if (!options.exec) return yield* notFound(shell, argv, found);
    const why =
      found.status === 127 && !name.includes("/")
        ? "not found"
        : found.failed === "command not found"
          ? "not found"
          : found.failed;
    yield* shell.complain(`exec: ${name}: ${options.exec && name.includes("/") ? `cannot execute: ${why}` : why}`);
    return found.status;
  }
  const shown = [options.named ?? name, ...argv.slice(1)];
  const body = bodyOf(shell, found.path, shown);
  if (typeof body === "object") {
    yield* shell.complain(`${name}: ${body.failed}`);
    return body.status;
  }
  const { proc } = shell;
  proc.env = new Map(env).set("_", found.path);
  proc.argv = shown;
  for (const signal of [
    "INT",
    "TERM",
    "QUIT",
    "TSTP",
    "TTIN",
    "TTOU",
    "HUP",
    "USR1",
    "USR2",
    "PIPE",
    "CHLD",
    "ALRM",
  ] as const)
    if (typeof proc.handlerOf(signal) === "function") proc.on(signal, "default");
  if (body === "script") return yield* runFileText(shell, found.path, argv);
  return yield* body(proc);
}
