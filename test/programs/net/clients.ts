import type { HttpRequest, HttpResponse } from "../../../src/base/http.ts";
import { ClusterNetwork } from "../../../src/cluster/network/cluster-network.ts";
import { emptyReply } from "../../../src/cluster/network/dns/reply.ts";
import type { Program } from "../../../src/machine/define.ts";
import { root } from "../../../src/machine/define-files.ts";
import { netPrograms } from "../../../src/programs/net/index.ts";
import { type Host, makeHost } from "../../machine/harness.ts";

const HTML = "text/html";

/** The pages of the server that the real clients were recorded with: status, type, body, more headers. */
const pages: Readonly<Record<string, readonly [number, string, string, Record<string, string>?]>> = {
  "/": [200, HTML, "<h1>hello</h1>\n"],
  "/nonl": [200, "text/plain", "ok"],
  "/missing": [404, HTML, "nothing here\n"],
  "/broken": [500, HTML, "oh\n"],
  "/busy": [503, HTML, "busy\n"],
  "/auth": [401, HTML, "who\n", { "www-authenticate": 'Basic realm="x"' }],
  "/moved": [302, HTML, "", { location: "/" }],
  "/loop": [302, HTML, "", { location: "/loop" }],
  "/empty": [204, HTML, ""],
};

const echoed = ["accept", "content-type", "content-length", "authorization", "range", "x-a"];

function answer(request: HttpRequest): HttpResponse {
  const [path = "/"] = request.path.split("?");
  const lines = echoed.flatMap((name) => (request.headers[name] ? [`${name}: ${request.headers[name]}\n`] : []));
  const said = `${request.method} ${request.path}\n${lines.join("")}${request.body ?? ""}\n`;
  const [status, type, body, more] = pages[path] ?? [200, "text/plain", path === "/echo" ? said : `${path}\n`];
  const headers = { server: "test/1", "content-type": type, ...more, "content-length": String(body.length) };
  return { status, headers, body: request.method === "HEAD" ? "" : body };
}

/** A host with the programs that ask over the network, and the servers that they were recorded with. */
export function clientHost(): Host {
  const network = new ClusterNetwork();
  const dialects: Program[] = netPrograms.flatMap((one) =>
    one.busybox ? [one, { name: `busybox-${one.name}`, run: one.busybox }] : [one],
  );
  const host = makeHost({
    network,
    programs: dialects,
    prepare({ files }) {
      files.mkdir("/etc", root);
      files.mkdir("/task", root);
      files.write("/etc/hosts", "127.0.0.1\tlocalhost\n", root);
      files.write("/etc/resolv.conf", "nameserver 10.0.0.53\n", root);
      files.write("/task/data", "from a file\n", root);
    },
  });
  const dns = makeHost({ kernel: host.kernel, network, name: "dns", addresses: ["10.0.0.53"] });
  network.attach(host.machine.net, host.machine);
  network.attach(dns.machine.net, dns.machine);
  const idle = function* (proc: Parameters<Program["run"]>[0]) {
    for (;;) yield* proc.sleep(1e6);
  };
  const { proc } = host.start(idle);
  const { proc: named } = dns.start(idle);
  dns.machine.listen({ proc: named, address: "0.0.0.0", port: 53, protocol: "UDP", dns: () => emptyReply("NXDOMAIN") });
  const open = { proc, address: "127.0.0.1", protocol: "TCP" } as const;
  host.machine.listen({ ...open, port: 18080, http: answer });
  // Hangs up on whatever it hears.
  host.machine.listen({ ...open, port: 18023 });
  host.machine.listen({ ...open, port: 18443, http: answer, tls: { certificate: () => "" } });
  host.machine.listen({ ...open, port: 18022, banner: "SSH-2.0-OpenSSH_9.6\r\n" });
  return host;
}
