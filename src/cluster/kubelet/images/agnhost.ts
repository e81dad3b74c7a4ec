import type { HttpRequest, HttpResponse } from "../../../base/http.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import type { Image } from "./define.ts";
import { untilStopped } from "./until-stopped.ts";

function answer(proc: Process): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const path = request.path.split("?")[0] ?? "/";
    const text = (body: string, status = 200): HttpResponse => ({
      status,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body,
    });
    if (path === "/hostname" || path === "/hostName") return text(proc.machine.name);
    if (path === "/clientip") return text(`${request.from ?? ""}:40000`);
    if (path === "/healthz") return text("");
    return text(`NOW: ${proc.machine.kernel.clock.now}`);
  };
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [command = "pause", ...rest] = argv;
  const port = Number(
    /--(?:http-)?port[= ](\d+)/.exec(rest.join(" "))?.[1] ?? (command === "serve-hostname" ? 9376 : 8080),
  );
  if (command === "netexec" || command === "serve-hostname") {
    const http = answer(proc);
    const serve = command === "serve-hostname" ? (r: HttpRequest) => http({ ...r, path: "/hostname" }) : http;
    proc.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", http: serve });
    yield* proc.write(2, `Started HTTP server on port ${port}\n`);
  } else if (command !== "pause") {
    yield* proc.write(2, `agnhost ${command} is not simulated\n`);
    return 1;
  }
  yield* untilStopped(proc, ["TERM", "INT"]);
  return 0;
}

const program: Program = { name: "agnhost", folder: "/", run };

/** The test image of the Kubernetes project; its netexec, serve-hostname and pause. */
export const agnhost: Image = {
  repository: "registry.k8s.io/e2e-test-images/agnhost",
  tags: ["2.53", "2.40", "2.39"],
  size: 50_000_000,
  usage: { cpu: 1, memory: 6 },
  entrypoint: ["/agnhost"],
  cmd: ["pause"],
  programs: [program],
  userland: "busybox",
  tools: ["curl", "dig", "host", "nc", "nslookup"],
};
