import { Errno, type Task } from "../../../machine/define.ts";
import { isBinary } from "../../../machine/exec.ts";
import { openPath, pathOf } from "../../../machine/open-path.ts";
import { usageError } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import { sourceText } from "../source-file.ts";
import { STRING_LIMIT } from "../variables.ts";

export const source: Builtin = {
  name: "source",
  usage: "filename [arguments]",
  help: "Execute commands from a file in the current shell.",
  run: (shell, args) => run(shell, "source", args),
};

export const dot: Builtin = { ...source, name: ".", run: (shell, args) => run(shell, ".", args) };

function* run(shell: Shell, name: string, given: readonly string[]): Task<number> {
  const [file, ...args] = given[0] === "--" ? given.slice(1) : given;
  if (file === undefined) return yield* usageError(shell, { name, usage: source.usage }, "filename argument required");
  const text = yield* textOf(shell, name, file);
  if (text === undefined) return 1;
  return yield* sourceText(shell, text, file, args);
}

/** Found over PATH where the name has no slash, then in the present directory. */
function* textOf(shell: Shell, name: string, file: string): Task<string | undefined> {
  const { proc } = shell;
  const { files } = proc.machine;
  let path = file;
  if (!file.includes("/")) {
    const folders = (shell.vars.get("PATH") ?? "").split(":");
    path =
      folders
        .map((folder) => `${folder === "" ? "." : folder}/${file}`)
        .find((candidate) => files.find(pathOf(proc, candidate), proc.credentials)?.kind === "file") ?? file;
  }
  try {
    const kind = files.find(pathOf(proc, path), proc.credentials)?.kind;
    if (kind === "directory") {
      yield* shell.complain(`${name}: ${file}: is a directory`);
      return undefined;
    }
    const text =
      kind === "file" && !/^\/(dev|proc)\//.test(path)
        ? files.read(pathOf(proc, path), proc.credentials)
        : yield* readAll(shell, path);
    if (!isBinary(text)) return text;
    yield* shell.complain(`${name}: ${file}: cannot execute binary file`);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.complain(`${file}: ${error.message}`);
  }
  return undefined;
}

/** A pipe, as in `source <(kubectl completion bash)`. */
function* readAll(shell: Shell, path: string): Task<string> {
  const { proc } = shell;
  let fd = 10;
  while (proc.fds.has(fd)) fd++;
  proc.attach(fd, openPath(proc, path, { read: true }));
  const parts: string[] = [];
  try {
    for (;;) {
      if (proc.tick()) yield undefined;
      const got = proc.fd(fd).read?.(65_536);
      if (got === undefined) return parts.join("");
      if (parts.length * 65_536 > STRING_LIMIT)
        throw new Problem(`xrealloc: cannot allocate ${STRING_LIMIT} bytes`, "shell");
      if (typeof got === "string") parts.push(got);
      else yield* shell.wait({ on: [got] });
    }
  } finally {
    proc.close(fd);
  }
}
