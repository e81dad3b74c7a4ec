import { Errno, type OpenFile, type Task } from "../../../machine/define.ts";
import { openPath } from "../../../machine/open-path.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import { expandWords } from "../expand/expand.ts";
import { Problem } from "../problem.ts";
import { Shell } from "../shell.ts";
import type { CommandPart, List, Part } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { STRING_LIMIT } from "../variables.ts";
import { withAliases } from "./alias.ts";
import { fork, runSubshell } from "./child.ts";
import { syntaxError } from "./syntax-message.ts";

type RunBody = (shell: Shell, list: List) => Task<number>;

/** `$(…)`: what the commands print, without the newlines at its end. */
export function* capture(shell: Shell, part: CommandPart, run: RunBody): Task<string> {
  part.script ??= parse(part.body, shell.line);
  const { script } = part;
  if (script.problem) {
    yield* syntaxError(shell, script.problem, "command substitution");
    shell.substituted = 1;
    return "";
  }
  const file = /^\s*<\s*([^\s;&|<>]+)\s*$/.exec(part.body);
  if (file) return yield* fileText(shell, file[1] as string);
  const { statements } = withAliases(shell, script, shell.line);
  const { reader, writer } = pipe();
  const fds = inherited(shell).set(1, writer);
  const child = yield* fork(shell, (copy) => run(copy, statements), { fds, substitution: true });
  reader.refs++;
  const text = yield* readAll(shell, reader, child);
  while (child.state !== "ended") yield* shell.wait({ on: [child.changed] });
  shell.proc.children.delete(child);
  shell.substituted = child.status;
  shell.status = child.status;
  return text.replace(/\n+$/, "").replaceAll("\0", "");
}

/** What a child gets: not the ends of this shell's own process substitutions. */
function inherited(shell: Shell): Map<number, OpenFile> {
  const fds = new Map(shell.proc.fds);
  for (const fd of shell.openSubstitutions) fds.delete(fd);
  return fds;
}

function* readAll(shell: Shell, reader: ReturnType<typeof pipe>["reader"], child: Process): Task<string> {
  const parts: string[] = [];
  let size = 0;
  try {
    for (;;) {
      if (shell.proc.tick()) yield undefined;
      const got = reader.read?.(65_536);
      if (got === undefined) return parts.join("");
      if (typeof got !== "string") {
        yield* shell.wait({ on: [got] });
        continue;
      }
      parts.push(got);
      size += got.length;
      if (size > STRING_LIMIT) throw new Problem(`xrealloc: cannot allocate ${size} bytes`, "shell");
    }
  } finally {
    if (--reader.refs === 0) reader.close?.();
    if (size > STRING_LIMIT) child.signal("PIPE");
  }
}

/** `$(< file)` */
function* fileText(shell: Shell, word: string): Task<string> {
  const [name = ""] = yield* expandWords(shell, [{ text: word }]);
  try {
    const file = openPath(shell.proc, name, { read: true });
    if (file.kind === "directory") throw new Errno("EISDIR");
    file.refs++;
    const text = yield* readAll(shell, file, shell.proc);
    shell.substituted = 0;
    return text.replace(/\n+$/, "");
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.complain(`${name}: ${error.message}`);
    shell.substituted = 1;
    return "";
  }
}

/** `<(…)` and `>(…)`: a pipe to a process that runs meanwhile, named as a file of this shell's descriptors. */
export function processPath(shell: Shell, part: Part & { type: "process" }, run: RunBody): string {
  part.script ??= parse(part.body, shell.line);
  const { script } = part;
  const { reader, writer } = pipe();
  const [mine, theirs] = part.direction === "<" ? [reader, writer] : [writer, reader];
  const fds = inherited(shell).set(part.direction === "<" ? 1 : 0, theirs);
  shell.proc.spawn({
    argv: shell.proc.argv,
    fds,
    body: (proc) => {
      const copy = new Shell(proc, shell.run, shell.kind, shell.name, shell);
      copy.options.delete("monitor");
      return runSubshell(copy, () => run(copy, withAliases(copy, script, shell.line).statements));
    },
  });
  let fd = 63;
  while (shell.proc.fds.has(fd)) fd--;
  shell.proc.attach(fd, mine);
  shell.openSubstitutions.push(fd);
  return `/dev/fd/${fd}`;
}
