import { type ByteConnection, openBytes } from "../../../base/http-bytes.ts";
import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import { Errno, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Process } from "../../../machine/process.ts";
import { ownAddress } from "../reach.ts";

const services: Readonly<Record<string, number>> = {
  domain: 53,
  http: 80,
  https: 443,
  ssh: 22,
  smtp: 25,
  "http-alt": 8080,
};

/** A port by number or by its name in /etc/services. */
export function servicePort(word: string): number | undefined {
  return /^\d+$/.test(word) ? Number(word) : services[word];
}

/** Opens a port that accepts connections and says nothing. False where it is taken. */
export function listenOn(proc: Process, port: number): boolean {
  try {
    proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP" });
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return false;
  }
}

interface Talk {
  readonly address: string;
  /** How long nothing may happen. */
  readonly seconds: number | undefined;
  /** Whether the end of stdin ends it. */
  readonly hangUp: boolean;
}

/** What stdin says goes to the listener, and what it says to stdout, until it hangs up. */
export function* converse(proc: Process, listener: Listener, { address, seconds }: Talk): Task<number> {
  const said: string[] = [];
  const changed = new WaitQueue();
  let over = false;
  const own = ownAddress(proc, address);
  const { http } = listener;
  const far = listener.tls
    ? {}
    : {
        ...(listener.banner === undefined ? {} : { banner: listener.banner }),
        ...(http ? { http: (request: Parameters<typeof http>[0]) => http({ ...request, from: own }) } : {}),
      };
  const connection: ByteConnection = openBytes(far, {
    write(bytes) {
      said.push(textOf(bytes));
      changed.wake();
    },
    end() {
      over = true;
      changed.wake();
    },
  });
  // What greets and knows no more, or is TLS, hangs up when it hears what it does not understand.
  const greeter = proc.spawn({ argv: proc.argv, body: (child) => listen(child, connection) });
  try {
    for (;;) {
      for (let text = said.shift(); text !== undefined; text = said.shift()) yield* proc.write(1, text);
      if (over || listener.proc.state === "ended") return 0;
      const until = seconds === undefined ? undefined : proc.machine.kernel.clock.now + seconds * 1_000_000;
      if ((yield* proc.wait({ on: [changed, listener.proc.changed], until })) === "timeout") return 0;
    }
  } finally {
    greeter.signal("TERM");
  }
}

/** Reads stdin to its end for the connection. */
function* listen(proc: Process, connection: ByteConnection): Task<number> {
  for (;;) {
    const text = yield* proc.read(0);
    if (text === undefined) break;
    connection.receive(bytesOf(text));
  }
  connection.end();
  return 0;
}
