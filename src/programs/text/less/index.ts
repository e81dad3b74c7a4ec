import { Errno, type Task } from "../../../machine/define.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, tool } from "../define.ts";
import type { Input } from "../shared/input.ts";
import { Pager } from "./pager.ts";

/** less and more: page by page on a terminal; otherwise they copy. */
export const less = tool({
  name: "less",
  also: ["more", "pager"],
  from: "590",
  usage: "[options] file...",
  options: "+ e E f F g G i I m M n N q Q r R s S u U w X x= p= c d a l z=",
  rewrite: (argv) => argv.filter((word) => !/^\+/.test(word)),
  *run(call) {
    if (!call.proc.isTerminal(1)) return yield* copyAll(call);
    if (call.operands.length === 0 && call.proc.isTerminal(0)) {
      yield* call.proc.write(
        2,
        call.name === "more"
          ? "more: bad usage\nTry 'more --help' for more information.\n"
          : 'Missing filename ("less --help" for help)\n',
      );
      return 1;
    }
    for (const name of call.operands.length === 0 ? ["-"] : call.operands) {
      const input = yield* openOne(call, name);
      if (!input) continue;
      const quit = yield* page(call, input, name);
      input.close();
      if (quit) break;
    }
    return undefined;
  },
});

function* openOne(call: Call, name: string): Task<Input | undefined> {
  const stat = name === "-" ? undefined : call.files.find(call.path(name), call.who);
  if (stat?.kind === "directory") {
    if (call.name === "more") call.out.put(`\n*** ${name}: directory ***\n\n`);
    else yield* say(call, `${name} is a directory`);
    return undefined;
  }
  try {
    return call.open(name);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (call.name === "more") yield* call.warn(`cannot open ${name}: ${error.message}`, 0);
    else yield* say(call, `${name}: ${error.message}`);
    return undefined;
  }
}

function* say(call: Call, message: string): Task {
  call.status = 1;
  yield* call.out.flush();
  yield* call.proc.write(2, `${message}\n`);
}

function* copyAll(call: Call): Task<number> {
  for (const name of call.operands.length === 0 ? ["-"] : call.operands) {
    const input = yield* openOne(call, name);
    if (!input) continue;
    if (call.name === "more" && name !== "-") call.out.put(`::::::::::::::\n${name}\n::::::::::::::\n`);
    for (let chunk = yield* input.chunk(); chunk !== undefined; chunk = yield* input.chunk()) {
      call.out.put(chunk);
      yield* call.out.flush();
    }
    input.close();
  }
  return call.status;
}

/** True where the user quit. */
function* page(call: Call, input: Input, name: string): Task<boolean> {
  const { proc } = call;
  const { terminal } = proc;
  if (!terminal) return true;
  const keys = openFd(proc, "/dev/tty", { read: true });
  const mode = terminal.mode;
  const { echo } = terminal;
  terminal.mode = "raw";
  terminal.echo = false;
  call.out.put("\x1b[?1049h");
  try {
    yield* new Pager(call, input, name === "-" ? "" : name, keys).run();
    return true;
  } finally {
    terminal.mode = mode;
    terminal.echo = echo;
    yield* proc.write(1, "\r\x1b[K\x1b[?1049l");
    proc.close(keys);
  }
}
