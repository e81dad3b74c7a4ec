import type { ByteConnection, ByteSink } from "../../../base/http.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import { Errno, type OpenFile, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import { startCommand } from "../../../machine/exec.ts";
import { pipe } from "../../../machine/pipe.ts";
import type { Process } from "../../../machine/process.ts";
import { portNamed } from "../services.ts";

/** A port by number or by its name in /etc/services. */
export function servicePort(word: string): number | undefined {
  return /^\d+$/.test(word) ? Number(word) : portNamed(word);
}

/** How netcat listens. */
export interface Listening {
  readonly port: number;
  readonly address: string;
  readonly protocol: "TCP" | "UDP";
  /** Takes one connection after the other (-k). */
  readonly keep: boolean;
  /** Ends when its own stdin does (-N, -q). */
  readonly hangUp: boolean;
  /** The program that speaks over each connection (-e), instead of stdin and stdout. */
  readonly program?: readonly string[];
  /** Told when somebody connects. */
  readonly connected: (from: string) => Task;
}

/** A connection that somebody has opened: what came in and was not read yet. */
class Incoming {
  readonly from: string;
  readonly out: ByteSink;
  readonly said: string[] = [];
  readonly changed = new WaitQueue();
  over = false;

  constructor(from: string, out: ByteSink) {
    this.from = from;
    this.out = out;
  }

  connection(): ByteConnection {
    return {
      receive: (bytes) => {
        this.said.push(textOf(bytes));
        this.changed.wake();
      },
      end: () => {
        this.over = true;
        this.changed.wake();
      },
    };
  }
}

/** Listens and speaks with who comes. Gives back what is wrong with the port, or undefined at the end. */
export function* listen(proc: Process, how: Listening): Task<string | undefined> {
  const waiting: Incoming[] = [];
  const came = new WaitQueue();
  const listener: Listener = {
    proc,
    address: how.address,
    port: how.port,
    protocol: how.protocol,
    bytes(from, out) {
      const incoming = new Incoming(from, out);
      waiting.push(incoming);
      came.wake();
      return incoming.connection();
    },
  };
  const problem = open(proc, listener);
  if (problem !== undefined) return problem;
  for (;;) {
    const next = waiting.shift();
    if (!next) {
      yield* proc.wait({ on: [came] });
      continue;
    }
    if (!how.keep && how.protocol === "TCP") close(proc, listener);
    yield* how.connected(next.from);
    yield* how.program ? speak(proc, next, how.program) : talk(proc, next, how);
    next.out.end();
    if (!how.keep) return undefined;
  }
}

function open(proc: Process, listener: Listener): string | undefined {
  const { machine } = proc;
  if (listener.port < 1024 && proc.credentials.uid !== 0 && !machine.host) return "Permission denied";
  const isOwn = listener.address === "0.0.0.0" || listener.address.startsWith("127.");
  if (!isOwn && !machine.net.addresses.includes(listener.address)) return "Cannot assign requested address";
  try {
    machine.listen(listener);
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.message;
  }
}

/** Whoever is there may speak on; nobody else gets in. */
function close({ machine }: Process, listener: Listener): void {
  const at = machine.net.listeners.indexOf(listener);
  if (at >= 0) machine.net.listeners.splice(at, 1);
}

function* talk(proc: Process, incoming: Incoming, how: Listening): Task {
  const { out, said, changed } = incoming;
  const keyboard = proc.spawn({
    argv: proc.argv,
    *body(child) {
      for (;;) {
        const text = yield* child.read(0);
        if (text === undefined) break;
        out.write(bytesOf(text));
      }
      if (how.hangUp) out.end();
      return 0;
    },
  });
  try {
    for (;;) {
      for (let text = said.shift(); text !== undefined; text = said.shift()) yield* proc.write(1, text);
      if (incoming.over && how.protocol === "TCP") return;
      yield* proc.wait({ on: [changed] });
    }
  } finally {
    keyboard.signal("TERM");
  }
}

/** A program speaks: what comes in is its stdin, what it prints goes out. */
function* speak(proc: Process, incoming: Incoming, program: readonly string[]): Task {
  const input = pipe();
  const feeder = proc.spawn({
    argv: proc.argv,
    fds: new Map([[1, input.writer]]),
    *body(child) {
      for (;;) {
        for (let text = incoming.said.shift(); text !== undefined; text = incoming.said.shift())
          yield* child.write(1, text);
        if (incoming.over) return 0;
        yield* child.wait({ on: [incoming.changed] });
      }
    },
  });
  const socket: OpenFile = {
    kind: "socket",
    refs: 0,
    write(text) {
      incoming.out.write(bytesOf(text));
      return text.length;
    },
  };
  const error = proc.fds.get(2);
  const fds = new Map<number, OpenFile>([[0, input.reader], [1, socket], ...(error ? [[2, error] as const] : [])]);
  try {
    const child = startCommand(proc, program, { fds });
    yield* proc.waitFor(child);
  } catch (fault) {
    if (!(fault instanceof Errno)) throw fault;
    yield* proc.write(2, `nc: can't execute '${program[0]}': ${fault.message}\n`);
  } finally {
    feeder.signal("TERM");
  }
}
