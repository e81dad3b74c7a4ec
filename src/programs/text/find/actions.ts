import { Errno, type Task } from "../../../machine/define.ts";
import { startCommand } from "../../../machine/exec.ts";
import { openFd } from "../../../machine/open-path.ts";
import { type Call, Fail } from "../define.ts";
import { confirm } from "../shared/confirm.ts";
import { Output } from "../shared/output.ts";
import { baseName, folderName } from "../shared/paths.ts";
import { quote } from "../shared/quote.ts";
import type { Test, Visit, Walk } from "./define.ts";
import { formatVisit, listLine } from "./format.ts";

interface Arguments {
  argument(): string;
  command(): { words: readonly string[]; many: boolean };
}

/** The action of that name; undefined where there is none. */
export function makeAction(call: Call, walk: Walk, name: string, given: Arguments): Test | undefined {
  const acts = (test: Test): Test => {
    walk.acts = true;
    return test;
  };
  switch (name) {
    case "-print":
      return acts(put(call, ({ path }) => `${path}\n`));
    case "-print0":
      return acts(put(call, ({ path }) => `${path}\0`));
    case "-printf": {
      const format = given.argument();
      return acts(put(call, (visit) => formatVisit(call, format, visit)));
    }
    case "-fprint": {
      const file = given.argument();
      const out = new Output(call.proc, openFd(call.proc, file, { write: true, create: true, truncate: true }));
      walk.atEnd.push(() => out.flush());
      return acts(({ path }) => {
        out.put(`${path}\n`);
        return true;
      });
    }
    case "-ls":
      return acts(put(call, (visit) => listLine(call, visit)));
    case "-quit":
      walk.acts = true;
      return () => {
        walk.quit = true;
        return true;
      };
    case "-delete":
      walk.depthFirst = true;
      return acts((visit) => remove(call, visit));
    case "-exec":
    case "-execdir":
      return acts(execution(call, walk, given.command(), name === "-execdir", false));
    case "-ok":
      return acts(execution(call, walk, given.command(), false, true));
    default:
      return undefined;
  }
}

function put(call: Call, text: (visit: Visit) => string): Test {
  return (visit) => {
    call.out.put(text(visit));
    return true;
  };
}

function* remove(call: Call, { path, stat }: Visit): Task<boolean> {
  if (path === ".") return true;
  try {
    if (stat.kind === "directory") call.files.rmdir(call.path(path), call.who);
    else call.files.unlink(call.path(path), call.who);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot delete ${quote(path)}: ${error.message}`);
    return false;
  }
}

function execution(
  call: Call,
  walk: Walk,
  { words, many }: { words: readonly string[]; many: boolean },
  inFolder: boolean,
  asks: boolean,
): Test {
  const shown = ({ path }: Visit) => (inFolder ? `./${baseName(path)}` : path);
  if (!many) {
    return function* (visit): Task<boolean> {
      const argv = words.map((word) => word.replaceAll("{}", () => shown(visit)));
      if (asks && !(yield* confirm(call, `< ${argv[0]} ... ${visit.path} > `))) return false;
      return (yield* run(call, argv, inFolder ? folderName(visit.path) : undefined)) === 0;
    };
  }
  let gathered: string[] = [];
  let size = 0;
  const flush = function* (): Task {
    if (gathered.length === 0) return;
    const paths = gathered;
    gathered = [];
    size = 0;
    if ((yield* run(call, [...words, ...paths], undefined)) !== 0) call.status = 1;
  };
  walk.atEnd.push(flush);
  return (visit) => {
    const path = shown(visit);
    gathered.push(path);
    size += path.length + 1;
    return size > 100_000 ? after(flush()) : true;
  };
}

function* after(task: Task): Task<boolean> {
  yield* task;
  return true;
}

function* run(call: Call, argv: readonly string[], folder: string | undefined): Task<number> {
  yield* call.out.flush();
  try {
    const fds = new Map([0, 1, 2].flatMap((fd) => (call.proc.fds.has(fd) ? [[fd, call.proc.fd(fd)]] : [])));
    const cwd = folder === undefined ? {} : { cwd: call.files.realpath(call.path(folder), call.who) };
    return yield* call.proc.waitFor(startCommand(call.proc, argv, { fds, ...cwd }));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "EAGAIN") throw new Fail(`cannot fork: ${error.message}`);
    yield* call.warn(`${quote(argv[0] ?? "")}: ${error.message}`, 0);
    return 1;
  }
}
