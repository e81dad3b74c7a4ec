import type { ByteConnection } from "../../base/http.ts";
import { openBytes } from "../../base/http-bytes.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import type { Task } from "../../machine/define.ts";
import type { Listener } from "../../machine/define-network.ts";
import type { Process } from "../../machine/process.ts";
import { ownAddress } from "./reach.ts";

/** A conversation of a client over a connection. */
export interface Talk {
  readonly address: string;
  /** How long nothing may happen. */
  readonly seconds: number | undefined;
  /** Whether the end of stdin ends it where the other side takes bytes as they are. */
  readonly hangUp: boolean;
  /** Whether it stays when its stdin has ended, whoever listens. */
  readonly stays?: boolean;
  /** What goes out of a line that was read; undefined ends the conversation. */
  readonly sent?: (text: string) => string | undefined;
}

/** How it ended: the other side hung up, nothing came for too long, or the client itself was told to. */
export type TalkEnd = "closed" | "silent" | "left";

/** What stdin says goes to the listener, and what it says to stdout, until one of them hangs up. */
export function* converse(proc: Process, listener: Listener, talk: Talk): Task<TalkEnd> {
  const said: string[] = [];
  const changed = new WaitQueue();
  const state = { over: false, left: false };
  const own = ownAddress(proc, talk.address);
  const connection = openBytes(
    farEnd(listener, own),
    {
      write(bytes) {
        said.push(textOf(bytes));
        changed.wake();
      },
      end() {
        state.over = true;
        changed.wake();
      },
    },
    own,
  );
  const leave = () => {
    state.left = true;
    changed.wake();
  };
  const keyboard = proc.spawn({
    argv: proc.argv,
    body: (child) =>
      listen(child, connection, { ...talk, hangUp: !talk.stays && (talk.hangUp || !listener.bytes) }, leave),
  });
  try {
    for (;;) {
      for (let text = said.shift(); text !== undefined; text = said.shift()) yield* proc.write(1, text);
      if (state.left) return "left";
      if (state.over || listener.proc.state === "ended") return "closed";
      const until = talk.seconds === undefined ? undefined : proc.machine.kernel.clock.now + talk.seconds * 1_000_000;
      if ((yield* proc.wait({ on: [changed, listener.proc.changed], until })) === "timeout") return "silent";
    }
  } finally {
    keyboard.signal("TERM");
    connection.end();
  }
}

/** What a client that speaks in bytes finds: of TLS nothing that it would understand. */
function farEnd(listener: Listener, own: string) {
  const { http, banner, bytes, tls } = listener;
  if (tls) return {};
  return {
    ...(bytes ? { bytes } : {}),
    ...(banner === undefined ? {} : { banner }),
    ...(http ? { http: (request: Parameters<typeof http>[0]) => http({ ...request, from: own }) } : {}),
  };
}

/** Reads stdin to its end for the connection. */
function* listen(proc: Process, connection: ByteConnection, talk: Talk, leave: () => void): Task<number> {
  for (;;) {
    const text = yield* proc.read(0);
    if (text === undefined) break;
    const sent = talk.sent ? talk.sent(text) : text;
    if (sent === undefined) {
      leave();
      return 0;
    }
    connection.receive(bytesOf(sent));
  }
  if (talk.hangUp) connection.end();
  return 0;
}
