import { SECOND } from "../../../base/clock.ts";
import { FormatError } from "../../../base/format-error.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import { rfc3339 } from "../../../base/time.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { pathOf, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";

/** For how long `liveness` says that it is well. */
const WELL = 10 * SECOND;

type Answer = (request: HttpRequest) => HttpResponse;

/** A client's address as Go writes it; its port is made up. */
const remote = (address: string): string => (address.includes(":") ? `[${address}]:40000` : `${address}:40000`);

/** What netexec answers (test/images/agnhost/netexec, 2.5x). */
function netexec(proc: Process): Answer {
  const { machine } = proc;
  return (request) => {
    const path = pathOf(request).toLowerCase();
    const query = new URLSearchParams(request.path.split("?")[1] ?? "");
    if (path === "/hostname") return plainText(machine.name);
    if (path === "/clientip") return plainText(remote(request.from ?? ""));
    if (path === "/echo") return plainText(query.get("msg") ?? "");
    if (path === "/header") return plainText(request.headers[(query.get("key") ?? "").toLowerCase()] ?? "");
    if (path === "/healthz") return plainText("");
    if (path === "/hostport") return plainText("");
    if (path === "/exit") {
      machine.kernel.clock.soon(() => proc.signal("KILL"));
      return plainText("");
    }
    if (path === "/")
      return plainText(`NOW: ${rfc3339(machine.kernel.clock.now).replace("T", " ").replace("Z", " +0000 UTC")}`);
    return plainText("404 page not found\n", 404);
  };
}

/** The server of the documentation on probes: /healthz fails ten seconds after the start. */
function liveness(proc: Process): Answer {
  const { clock } = proc.machine.kernel;
  const started = clock.now;
  return (request) => {
    const age = clock.now - started;
    if (pathOf(request) !== "/healthz") return plainText(`${rfc3339(started)}`);
    return age > WELL ? plainText(`error: ${(age / SECOND).toFixed(9)}`, 500) : plainText("ok");
  };
}

/** What its commands serve, and on which port where none is given. */
const servers: Readonly<Record<string, readonly [port: number, make: (proc: Process) => Answer]>> = {
  netexec: [8080, netexec],
  "serve-hostname": [9376, (proc) => () => plainText(proc.machine.name)],
  liveness: [8080, liveness],
  "test-webserver": [80, () => () => plainText("")],
};

/** How long Linux tries to connect where nobody answers (tcp_syn_retries=6), in seconds. */
const CONNECT_TIMEOUT = 127;

/** Whether a connection comes about: nothing where it does, else one word (test/images/agnhost/connect, 2.5x). */
function* connect(proc: Process, words: readonly string[]): Task<number> {
  const { machine } = proc;
  const line = words.join(" ");
  const fail = function* (said: string): Task<number> {
    yield* proc.write(2, `${said}\n`);
    return 1;
  };
  const protocol = /--protocol[= ](\S+)/.exec(line)?.[1] ?? "tcp";
  if (protocol.toLowerCase() !== "tcp") return yield* fail(`agnhost connect --protocol=${protocol} is not simulated`);
  const given = /--timeout[= ](\S+)/.exec(line)?.[1] ?? "0";
  const limit = seconds(given);
  if (typeof limit === "string")
    return yield* fail(`Error: invalid argument "${given}" for "--timeout" flag: ${limit}`);
  const [, host = "", port = ""] = /(?:^| )\[?([^\s=[\]]+?)\]?:(\d+)(?: |$)/.exec(line) ?? [];
  if (host === "") return yield* fail(`DNS: address ${words.at(-1) ?? ""}: missing port in address`);
  const found = machine.network.resolve(machine, host);
  yield* proc.sleep(found.after);
  if ("failed" in found)
    return yield* fail(`DNS: lookup ${host}: ${found.failed === "timeout" ? "i/o timeout" : "no such host"}`);
  const dialled = machine.network.dial(machine, found.addresses[0] ?? host, Number(port));
  if ("listener" in dialled) return 0;
  if (dialled.failed === "refused") return yield* fail("REFUSED");
  if (dialled.failed === "unreachable")
    return yield* fail(`OTHER: dial tcp ${found.addresses[0]}:${port}: connect: no route to host`);
  yield* proc.sleep(limit > 0 ? Math.min(limit, CONNECT_TIMEOUT) : CONNECT_TIMEOUT);
  return yield* fail("TIMEOUT");
}

/** A Go duration, or what is wrong with it. */
function seconds(duration: string): number | string {
  try {
    return parseGoDuration(duration) / SECOND;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [command = "pause", ...rest] = argv;
  if (command === "--version" || command === "version") {
    yield* proc.write(1, "agnhost version 2.53\n");
    return 0;
  }
  if (command === "connect") return yield* connect(proc, rest);
  const server = servers[command];
  if (server) {
    const [usual, make] = server;
    const port = Number(/--(?:http-)?port[= ](\d+)/.exec(rest.join(" "))?.[1] ?? usual);
    proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", http: make(proc) });
    const udp = command === "netexec" ? Number(/--udp-port[= ](-?\d+)/.exec(rest.join(" "))?.[1] ?? 8081) : -1;
    if (udp > 0) proc.machine.listen({ proc, address: "0.0.0.0", port: udp, protocol: "UDP" });
    yield* proc.write(2, `Started HTTP server on port ${port}\n`);
  } else if (command !== "pause") {
    yield* proc.write(2, `agnhost ${command} is not simulated\n`);
    return 1;
  }
  yield* untilStopped(proc, ["TERM", "INT"]);
  return 0;
}

const program: Program = { name: "agnhost", folder: "/", run };

/** The test image of the Kubernetes project; its connect, netexec, serve-hostname, liveness, test-webserver and pause. */
export const agnhost: Image = {
  repository: "registry.k8s.io/e2e-test-images/agnhost",
  tags: ["2.57", "2.53", "2.52", "2.47", "2.45", "2.43", "2.40", "2.39"],
  size: 50_000_000,
  usage: { cpu: 1, memory: 6 },
  entrypoint: ["/agnhost"],
  cmd: ["pause"],
  programs: [program],
  userland: "busybox",
  tools: ["curl", "dig", "host", "ip", "nc", "nslookup", "ss"],
};
