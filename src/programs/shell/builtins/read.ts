import { SECOND } from "../../../base/clock.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import { parseOptions } from "../builtin-options.ts";
import type { Builtin } from "../define.ts";
import { Abandoned } from "../problem.ts";
import { readLine } from "../read-line.ts";
import { assignReference } from "../reference.ts";
import type { Shell } from "../shell.ts";

export const read: Builtin = {
  name: "read",
  usage: "[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]",
  help: "Read a line from the standard input and split it into fields.",
  *run(shell, args) {
    const parsed = yield* parseOptions(shell, this, args, "ersa:d:i:n:N:p:t:u:");
    if (typeof parsed === "number") return parsed;
    const { flags, values, rest } = parsed;
    const fd = Number(values.get("u") ?? 0);
    for (const name of rest)
      if (!/^[A-Za-z_]\w*(\[.*\])?$/s.test(name)) {
        yield* shell.complain(`read: \`${name}': not a valid identifier`);
        return 1;
      }
    const count = values.get("n") ?? values.get("N");
    if (count !== undefined && !/^\d+$/.test(count)) {
      yield* shell.complain(`read: ${count}: invalid number`);
      return 1;
    }
    const timeout = values.get("t");
    if (timeout !== undefined && !/^(\d+\.?\d*|\.\d+)$/.test(timeout)) {
      yield* shell.complain(`read: ${timeout}: invalid timeout specification`);
      return 1;
    }
    if (!shell.proc.fds.has(fd)) {
      yield* shell.complain(`read: ${fd}: invalid file descriptor: Bad file descriptor`);
      return 1;
    }
    if (timeout !== undefined && Number(timeout) === 0) return ready(shell, fd) ? 0 : 1;
    const exact = values.has("N");
    const delimiter = exact ? "" : (values.get("d")?.slice(0, 1) ?? "\n");
    const line = yield* ask(shell, fd, exact ? undefined : delimiter === "" ? "\0" : delimiter, {
      raw: flags.has("r"),
      prompt: values.get("p"),
      silent: flags.has("s"),
      count: count === undefined ? undefined : Number(count),
      timeout: timeout === undefined ? undefined : Number(timeout),
    });
    if (typeof line === "number") return line;
    const assigned = yield* store(shell, line.text, {
      raw: flags.has("r"),
      array: values.get("a"),
      names: rest,
      whole: exact,
    });
    if (line.timedOut) return 142;
    return assigned || (line.ended ? 1 : 0);
  },
};

/** Whether something could be read at once (`-t 0`). */
function ready(shell: Shell, fd: number): boolean {
  return typeof shell.proc.fd(fd).read?.(0) === "string";
}

interface Asking {
  raw: boolean;
  prompt: string | undefined;
  silent: boolean;
  count: number | undefined;
  timeout: number | undefined;
}

/** Reads with the terminal in the mode that the options ask for. */
function* ask(
  shell: Shell,
  fd: number,
  delimiter: string | undefined,
  how: Asking,
): Task<{ text: string; ended: boolean; timedOut: boolean } | number> {
  const { proc } = shell;
  const terminal = proc.fd(fd).terminal;
  if (how.prompt !== undefined && terminal) yield* shell.error(how.prompt);
  const until =
    how.timeout === undefined ? undefined : proc.machine.kernel.clock.now + Math.round(how.timeout * SECOND);
  const before = terminal && { echo: terminal.echo, mode: terminal.mode };
  const keys = terminal !== undefined && (how.count !== undefined || (delimiter !== "\n" && delimiter !== undefined));
  if (terminal && how.silent) terminal.echo = false;
  if (terminal && keys) terminal.mode = "raw";
  try {
    const options = {
      raw: how.raw,
      ...(how.count !== undefined && { count: how.count }),
      ...(until !== undefined && { until }),
    };
    const line = yield* readLine(shell, fd, delimiter ?? "", options);
    if (terminal && keys && !how.silent) yield* shell.error(line.text);
    if (terminal && keys && line.text.includes("\u0003")) throw new Abandoned("line", 130);
    return line;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* shell.complain(`read: read error: ${fd}: ${error.message}`);
    return 1;
  } finally {
    if (terminal && before) {
      terminal.echo = before.echo;
      terminal.mode = before.mode;
    }
  }
}

interface Target {
  raw: boolean;
  array: string | undefined;
  names: readonly string[];
  whole: boolean;
}

/** Splits the line at IFS into the names; the last one gets the rest. */
function* store(shell: Shell, text: string, { raw, array, names, whole }: Target): Task<number> {
  const ifs = shell.vars.get("IFS") ?? " \t\n";
  const marked = raw ? [...text].map((c) => ({ c, plain: true })) : unescaped(text);
  if (whole) {
    const value = marked.map(({ c }) => c).join("");
    return yield* assignReference(shell, "read", names[0] ?? "REPLY", value);
  }
  if (array !== undefined) {
    shell.vars.setArray(array, split(marked, ifs, Number.POSITIVE_INFINITY));
    return 0;
  }
  if (names.length === 0) return yield* assignReference(shell, "read", "REPLY", marked.map(({ c }) => c).join(""));
  const fields = split(marked, ifs, names.length);
  let status = 0;
  for (const [i, name] of names.entries())
    status = (yield* assignReference(shell, "read", name, fields[i] ?? "")) || status;
  return status;
}

type Marked = { c: string; plain: boolean };

/** A backslash takes away the meaning of the next character; with a newline both go. */
function unescaped(text: string): Marked[] {
  const out: Marked[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c !== "\\") out.push({ c, plain: true });
    else if (++i < text.length && text[i] !== "\n") out.push({ c: text[i] as string, plain: false });
  }
  return out;
}

function split(text: readonly Marked[], ifs: string, limit: number): string[] {
  const isBlank = ({ c, plain }: Marked) => plain && ifs.includes(c) && " \t\n".includes(c);
  const isDelimiter = ({ c, plain }: Marked) => plain && c !== "" && ifs.includes(c);
  const fields: string[] = [];
  let at = 0;
  const skipBlanks = () => {
    while (at < text.length && isBlank(text[at] as Marked)) at++;
  };
  skipBlanks();
  while (at < text.length && fields.length < limit - 1) {
    let field = "";
    while (at < text.length && !isDelimiter(text[at] as Marked)) field += (text[at++] as Marked).c;
    fields.push(field);
    skipBlanks();
    if (at < text.length && isDelimiter(text[at] as Marked) && !isBlank(text[at] as Marked)) at++;
    skipBlanks();
  }
  if (at < text.length) fields.push(lastField(text.slice(at), isBlank, isDelimiter));
  return fields;
}

/** All that is left, without the blanks at its end; a single delimiter at the end of a single field goes too. */
function lastField(
  rest: readonly Marked[],
  isBlank: (one: Marked) => boolean,
  isDelimiter: (one: Marked) => boolean,
): string {
  let end = rest.length;
  while (end > 0 && isBlank(rest[end - 1] as Marked)) end--;
  const inner = rest.slice(0, end);
  if (inner.filter(isDelimiter).length === 1 && inner.length > 0 && isDelimiter(inner.at(-1) as Marked)) end--;
  return rest
    .slice(0, end)
    .map(({ c }) => c)
    .join("");
}
