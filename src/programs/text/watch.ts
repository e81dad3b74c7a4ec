import { formatTime } from "../../base/format-time.ts";
import { Errno, type Task } from "../../machine/define.ts";
import { startCommand } from "../../machine/exec.ts";
import { pipe } from "../../machine/pipe.ts";
import { type Call, Fail, tool } from "./define.ts";
import { LINE_LIMIT } from "./shared/input.ts";
import { quoteAlways } from "./shared/quote.ts";
import { textWidth } from "./shared/text-width.ts";

/** watch: runs a command again and again and shows what it prints. */
export const watch = tool({
  name: "watch",
  from: "from procps-ng 4.0.2",
  usage: "[options] command",
  options:
    "+ b,beep c,color d,differences? e,errexit g,chgexit n,interval= p,precise q,equexit= t,no-title w,no-wrap x,exec",
  *run(call) {
    const words = call.operands;
    if (words.length === 0) throw new Fail("usage: watch [options] command");
    const given = call.value("n") ?? "2";
    if (!/^\d*[.,]?\d+$|^\d+[.,]$/.test(given))
      throw new Fail(`failed to parse argument: ${quoteAlways(given)}: Invalid argument`);
    const seconds = Math.max(0.1, Number(given.replace(",", ".")));
    const screen = call.proc.isTerminal(1);
    if (screen) call.out.put("\x1b[?1049h\x1b[22;0;0t");
    try {
      return yield* cycles(call, words, seconds);
    } finally {
      if (screen) yield* call.proc.write(1, "\x1b[?1049l\x1b[23;0;0t");
    }
  },
});

function* cycles(call: Call, words: readonly string[], seconds: number): Task<number> {
  const argv = call.has("x") ? words : ["sh", "-c", words.join(" ")];
  let before: string | undefined;
  let same = 0;
  for (;;) {
    const { text, status } = yield* output(call, argv);
    call.out.put(page(call, words.join(" "), seconds, text, before));
    yield* call.out.flush();
    if (call.has("e") && status !== 0) return 8;
    if (before !== undefined && call.has("g") && text !== before) return 0;
    same = text === before ? same + 1 : 0;
    if (call.has("q") && same >= Number(call.value("q"))) return 0;
    before = text;
    yield* call.proc.sleep(seconds);
  }
}

function* output(call: Call, argv: readonly string[]): Task<{ text: string; status: number }> {
  const { reader, writer } = pipe();
  const { proc } = call;
  let fd = 3;
  while (proc.fds.has(fd)) fd++;
  const fds = new Map([
    [1, writer],
    [2, writer],
  ]);
  if (proc.fds.has(0)) fds.set(0, proc.fd(0));
  try {
    const child = startCommand(proc, argv, { fds });
    proc.attach(fd, reader);
    let text = "";
    for (let chunk = yield* proc.read(fd); chunk !== undefined; chunk = yield* proc.read(fd))
      if (text.length < LINE_LIMIT) text += chunk;
    return { text, status: yield* proc.waitFor(child) };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return { text: `watch: unable to execute '${argv[0]}': ${error.message}\n`, status: 127 };
  } finally {
    proc.close(fd);
  }
}

function page(call: Call, command: string, seconds: number, text: string, before: string | undefined): string {
  const { terminal, machine } = call.proc;
  const columns = terminal?.columns ?? 80;
  const rows = terminal?.rows ?? 24;
  const head = call.has("t")
    ? []
    : [
        title(
          command,
          seconds,
          `${machine.name}: ${formatTime("%a %b %e %H:%M:%S %Y", machine.kernel.clock.now)}`,
          columns,
        ),
        "",
      ];
  const plain = call.has("c") ? text : text.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, "");
  const lines = wrapped(plain, columns, call.has("w"));
  const old = before === undefined || !call.has("d") ? undefined : wrapped(before, columns, call.has("w"));
  const body = lines.slice(0, rows - head.length).map((line, at) => (old ? highlighted(line, old[at] ?? "") : line));
  return `\x1b[H${[...head, ...body].map((line) => `${line}\x1b[K`).join("\r\n")}\x1b[J`;
}

function title(command: string, seconds: number, right: string, columns: number): string {
  const left = `Every ${seconds.toFixed(1)}s: `;
  const room = columns - left.length - right.length - 1;
  const shown = command.length <= room ? command : room > 4 ? `${command.slice(0, room - 4)}... ` : "";
  return (left + shown).padEnd(Math.max(0, columns - right.length)) + right;
}

function wrapped(text: string, columns: number, cut: boolean): string[] {
  const lines: string[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    let rest = expandTabs(line);
    while (!cut && textWidth(rest) > columns) {
      lines.push(rest.slice(0, columns));
      rest = rest.slice(columns);
    }
    lines.push(cut ? rest.slice(0, columns) : rest);
  }
  return lines;
}

function expandTabs(line: string): string {
  let text = "";
  for (const character of line) text += character === "\t" ? " ".repeat(8 - (text.length % 8)) : character;
  return text;
}

function highlighted(line: string, before: string): string {
  let text = "";
  for (let at = 0; at < line.length; at++) text += line[at] === before[at] ? line[at] : `\x1b[7m${line[at]}\x1b[27m`;
  return text;
}
