import { Errno, type OpenFile, type Task } from "../../../machine/define.ts";
import type { OpenFlags } from "../../../machine/define-files.ts";
import { openPath, pathOf } from "../../../machine/open-path.ts";
import { wholeCharacters } from "../../../machine/pipe.ts";
import { expandText, expandWords } from "../expand/expand.ts";
import type { Shell } from "../shell.ts";
import type { Redirect } from "../syntax/ast.ts";
import { connect } from "./connect.ts";

/** What descriptors pointed to before redirections, to be put back. */
export class SavedFds {
  private readonly shell: Shell;
  private saved: Map<number, OpenFile | undefined> | undefined;

  constructor(shell: Shell) {
    this.shell = shell;
  }

  keep(fd: number): void {
    this.saved ??= new Map();
    if (this.saved.has(fd)) return;
    const file = this.shell.proc.fds.get(fd);
    if (file) file.refs++;
    this.saved.set(fd, file);
  }

  restore(): void {
    if (!this.saved) return;
    const { proc } = this.shell;
    for (const [fd, file] of this.saved) {
      if (file) {
        proc.attach(fd, file);
        release(file);
      } else proc.close(fd);
    }
    this.saved.clear();
  }

  /** The redirections stay (exec). */
  forget(): void {
    for (const file of this.saved?.values() ?? []) if (file) release(file);
    this.saved?.clear();
  }
}

function release(file: OpenFile): void {
  if (--file.refs === 0) file.close?.();
}

/** Carries out redirections in order. False, with the message told, where one fails; what was done is kept in `saved`. */
export function* redirect(shell: Shell, redirects: readonly Redirect[], saved: SavedFds): Task<boolean> {
  for (const one of redirects) {
    let shown = one.target.text;
    try {
      const why = yield* carryOut(shell, one, saved, (name) => {
        shown = name;
      });
      if (why !== undefined) {
        yield* shell.complain(why);
        return false;
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* shell.complain(`${shown}: ${error.message}`);
      return false;
    }
  }
  return true;
}

function* carryOut(
  shell: Shell,
  one: Redirect,
  saved: SavedFds,
  show: (name: string) => void,
): Task<string | undefined> {
  const { operator } = one;
  if (operator === "<<" || operator === "<<<") {
    const text = yield* expandText(shell, one.target, operator === "<<" ? "none" : "word");
    return attach(shell, one, saved, 0, textFile(operator === "<<<" ? `${text}\n` : text));
  }
  if (operator.endsWith("&") && one.variable !== undefined && one.target.text === "-") {
    const fd = Number(shell.vars.get(one.variable));
    saved.keep(fd);
    shell.proc.close(fd);
    return undefined;
  }
  const words = yield* expandWords(shell, [one.target]);
  const [name] = words;
  if (words.length !== 1 || name === undefined) return `${one.target.text}: ambiguous redirect`;
  show(name);
  if (operator === "<&" || operator === ">&") {
    const copied = /^(\d*)(-?)$/.exec(name);
    if (copied && name !== "") return duplicate(shell, one, saved, copied[1] as string, copied[2] === "-");
    if (operator === "<&" || one.fd !== undefined) return `${name}: ambiguous redirect`;
  }
  const both = operator === "&>" || operator === "&>>" || operator === ">&";
  const flags = flagsOf(operator);
  const path = pathOf(shell.proc, name);
  if (operator === ">" && shell.has("noclobber") && isRegular(shell, path))
    return `${name}: cannot overwrite existing file`;
  const socket = yield* connect(shell, name);
  if (typeof socket === "string") return socket;
  const file = socket ?? openPath(shell.proc, name, flags);
  if (file.kind === "directory" && flags.write) throw new Errno("EISDIR", name);
  const failed = attach(shell, one, saved, operator.startsWith("<") ? 0 : 1, file);
  if (both && failed === undefined) {
    saved.keep(2);
    shell.proc.attach(2, file);
  }
  return failed;
}

function isRegular(shell: Shell, path: string): boolean {
  return shell.proc.machine.files.find(path, shell.proc.credentials)?.kind === "file";
}

function flagsOf(operator: Redirect["operator"]): OpenFlags {
  if (operator === "<") return { read: true };
  if (operator === "<>") return { read: true, write: true, create: true };
  if (operator.endsWith(">>")) return { write: true, append: true, create: true };
  return { write: true, create: true, truncate: true };
}

function attach(shell: Shell, one: Redirect, saved: SavedFds, usual: number, file: OpenFile): undefined {
  let fd = one.fd ?? usual;
  if (one.variable !== undefined) {
    fd = 10;
    while (shell.proc.fds.has(fd)) fd++;
    shell.vars.set(one.variable, String(fd));
    // Such a descriptor outlives its command.
    shell.proc.attach(fd, file);
    return undefined;
  }
  saved.keep(fd);
  shell.proc.attach(fd, file);
  return undefined;
}

/** `2>&1`, `3<&-`, `4>&3-` */
function duplicate(shell: Shell, one: Redirect, saved: SavedFds, digits: string, closes: boolean): string | undefined {
  const { proc } = shell;
  const fd = one.fd ?? (one.operator === "<&" ? 0 : 1);
  if (digits === "") {
    saved.keep(fd);
    proc.close(fd);
    return undefined;
  }
  const from = Number(digits);
  const file = proc.fds.get(from);
  if (!file) return `${digits}: Bad file descriptor`;
  attach(shell, one, saved, fd, file);
  if (closes && from !== fd) {
    saved.keep(from);
    proc.close(from);
  }
  return undefined;
}

/** A here-document as a file to read from. */
export function textFile(text: string): OpenFile {
  let at = 0;
  return {
    kind: "file",
    refs: 0,
    read(max) {
      if (at >= text.length) return undefined;
      const part = wholeCharacters(text.slice(at, at + max + 1), max);
      at += part.length;
      return part;
    },
  };
}
