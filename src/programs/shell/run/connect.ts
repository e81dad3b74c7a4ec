import type { HttpResponse } from "../../../base/http.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import { errnoWords, type OpenFile, type Task } from "../../../machine/define.ts";
import type { Listener } from "../../../machine/define-network.ts";
import type { Shell } from "../shell.ts";

/** How long Linux tries to connect to an address that does not answer (tcp_syn_retries=6). */
const CONNECT_TIMEOUT = 127;

/** `/dev/tcp/HOST/PORT`, which bash itself understands: a connection, or what it says where there is none. */
export function* connect(shell: Shell, path: string): Task<OpenFile | string | undefined> {
  const match = /^\/dev\/(tcp|udp)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const [, kind, host = "", service = ""] = match;
  const { machine } = shell.proc;
  const found = machine.network.resolve(machine, host);
  if ("failed" in found) {
    yield* shell.proc.sleep(found.after);
    yield* shell.complain(`${host}: ${found.words}`);
    return `${path}: ${errnoWords.EINVAL}`;
  }
  const port = Number(service);
  const dialled = machine.network.dial(machine, found.addresses[0] ?? host, port, kind === "udp" ? "UDP" : "TCP");
  if ("listener" in dialled) return socketTo(dialled.listener, host);
  if (dialled.failed === "timeout") yield* shell.proc.sleep(CONNECT_TIMEOUT);
  const why =
    errnoWords[
      dialled.failed === "refused" ? "ECONNREFUSED" : dialled.failed === "timeout" ? "ETIMEDOUT" : "EHOSTUNREACH"
    ];
  yield* shell.complain(`connect: ${why}`);
  return `${path}: ${why}`;
}

/** What one can say to a listener by hand: it greets, and answers one HTTP request where it speaks that. */
function socketTo(listener: Listener, host: string): OpenFile {
  const changed = new WaitQueue();
  let incoming = listener.banner ?? "";
  let outgoing = "";
  let ended = listener.http === undefined && listener.banner === undefined;
  return {
    kind: "socket",
    refs: 0,
    read(max) {
      if (incoming === "") return ended ? undefined : changed;
      const part = incoming.slice(0, max);
      incoming = incoming.slice(max);
      return part;
    },
    write(text) {
      outgoing += text;
      const request = /^(\w+) (\S+) HTTP\/1\.[01]\r?\n([\s\S]*?)\r?\n\r?\n|^(\w+) (\S+) HTTP\/1\.[01]\r?\n\r?\n/.exec(
        outgoing,
      );
      if (request && listener.http && !listener.tls) {
        incoming += answer(
          listener.http({
            method: request[1] ?? request[4] ?? "GET",
            path: request[2] ?? request[5] ?? "/",
            headers: { host },
          }),
        );
        ended = true;
        changed.wake();
      }
      return text.length;
    },
  };
}

function answer(response: HttpResponse): string {
  const body =
    typeof response.body === "string"
      ? response.body
      : response.body === undefined
        ? ""
        : JSON.stringify(response.body);
  const headers = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${response.status}\r\n${headers.join("")}\r\n${body}`;
}
