import { describe, expect, test } from "vitest";
import { emptyReply } from "../../../src/cluster/network/dns/reply.ts";
import { resolveName } from "../../../src/cluster/network/name-service.ts";
import { root } from "../../../src/machine/define-files.ts";
import type { DnsCode, DnsQuestion, Network } from "../../../src/machine/define-network.ts";
import { makeHost, noNetwork } from "../../machine/harness.ts";

/** What a server says of each name: addresses, or a code ("" for a name without addresses). */
type Zone = Readonly<Record<string, string>>;

interface Server {
  readonly zone?: Zone;
  readonly failed?: "refused" | "timeout" | "unreachable";
  /** For names that the zone does not have. */
  readonly usual?: DnsCode;
  readonly after?: number;
}

interface Looked {
  readonly asked: readonly string[];
  readonly found: string;
  readonly after: number;
}

/** How a host with this resolv.conf looks a name up, with these servers: getaddrinfo(3) of glibc 2.36 and musl 1.2. */
function look(name: string, conf: string, servers: Readonly<Record<string, Server>>, image = "debian:12"): Looked {
  const asked: string[] = [];
  const network: Network = {
    ...noNetwork,
    dial(from, address) {
      const server = servers[address];
      if (!server || server.failed) return { failed: server?.failed ?? "timeout", because: "test" };
      const dns = ({ name: full, type }: DnsQuestion) => {
        if (type === "A") asked.push(`${address.split(".").at(-1)}:${full}`);
        const has = server.zone?.[full];
        const more = server.after === undefined ? {} : { after: server.after };
        if (has === undefined) return emptyReply(server.usual ?? "NXDOMAIN", more);
        const answers = has
          .split(" ")
          .filter((data) => data !== "" && type === (data.includes(":") ? "AAAA" : "A"))
          .map((data) => ({ name: full, type, ttl: 5, data }));
        return emptyReply("NOERROR", { answers, ...more });
      };
      const { proc } = host.start(function* (own) {
        yield* own.sleep(1);
        return 0;
      });
      return {
        listener: { proc, address, port: 53, protocol: "UDP", dns },
        address,
        source: from.net.addresses[0] ?? "",
      };
    },
  };
  const host = makeHost({
    network,
    prepare({ files }) {
      files.mkdir("/etc", root);
      files.write("/etc/hosts", "127.0.0.1\tlocalhost\n10.9.9.9\tlisted\n", root);
      files.write("/etc/resolv.conf", conf, root);
    },
  });
  host.machine.parts.set("image", `docker.io/library/${image}`);
  const found = resolveName(network, host.machine, name);
  const text = "failed" in found ? found.words : found.addresses.join(" ");
  return { asked, found: text, after: Math.round(found.after) };
}

const cluster = "search a.svc.c svc.c c\nnameserver 10.0.0.1\noptions ndots:5\n";
const unknown = "Name or service not known";
const temporary = "Temporary failure in name resolution";
const noAddress = "No address associated with hostname";

describe("getaddrinfo", () => {
  const one = (zone: Zone) => ({ "10.0.0.1": { zone } });
  test.each<[string, string, string, Record<string, Server>, string, string[], number?, string?]>([
    ["a listed name asks nobody", "listed", cluster, {}, "10.9.9.9", []],
    ["an address is itself", "10.1.1.1", cluster, {}, "10.1.1.1", []],
    [
      "the first search domain that knows it",
      "web",
      cluster,
      one({ "web.a.svc.c.": "10.1.0.1" }),
      "10.1.0.1",
      ["1:web.a.svc.c."],
    ],
    [
      "all of them, then the name alone",
      "web.b",
      cluster,
      one({}),
      unknown,
      ["1:web.b.a.svc.c.", "1:web.b.svc.c.", "1:web.b.c.", "1:web.b."],
    ],
    [
      "enough dots: alone first, then the domains",
      "a.b.c.d.e.f",
      cluster,
      one({}),
      unknown,
      ["1:a.b.c.d.e.f.", "1:a.b.c.d.e.f.a.svc.c.", "1:a.b.c.d.e.f.svc.c.", "1:a.b.c.d.e.f.c."],
    ],
    [
      "enough dots with musl: alone only",
      "a.b.c.d.e.f",
      cluster,
      one({}),
      unknown,
      ["1:a.b.c.d.e.f."],
      0,
      "alpine:3.22",
    ],
    ["a final dot: alone only", "web.", cluster, one({ "web.": "10.1.0.2" }), "10.1.0.2", ["1:web."]],
    [
      "no address in one domain: glibc goes on",
      "web",
      cluster,
      one({ "web.a.svc.c.": "", "web.c.": "10.1.0.3" }),
      "10.1.0.3",
      ["1:web.a.svc.c.", "1:web.svc.c.", "1:web.c."],
    ],
    [
      "no address in one domain: musl stops",
      "web",
      cluster,
      one({ "web.a.svc.c.": "", "web.c.": "10.1.0.3" }),
      noAddress,
      ["1:web.a.svc.c."],
      0,
      "alpine:3.22",
    ],
    [
      "no address at all",
      "web",
      cluster,
      one({ "web.c.": "" }),
      noAddress,
      ["1:web.a.svc.c.", "1:web.svc.c.", "1:web.c.", "1:web."],
    ],
    [
      "both families",
      "web",
      cluster,
      one({ "web.a.svc.c.": "10.1.0.1 fd00::1" }),
      "10.1.0.1 fd00::1",
      ["1:web.a.svc.c."],
    ],
    [
      "silence: twice five seconds, and no other domain",
      "web",
      cluster,
      { "10.0.0.1": { failed: "timeout" } },
      temporary,
      [],
      10,
    ],
    [
      "silence with musl: five seconds",
      "web",
      cluster,
      { "10.0.0.1": { failed: "timeout" } },
      temporary,
      [],
      5,
      "alpine:3.22",
    ],
    ["refused: at once", "web", cluster, { "10.0.0.1": { failed: "refused" } }, temporary, [], 0],
    [
      "refused with musl: waited for",
      "web",
      cluster,
      { "10.0.0.1": { failed: "refused" } },
      temporary,
      [],
      5,
      "alpine:3.22",
    ],
    [
      "timeout and attempts",
      "web.",
      "nameserver 10.0.0.1\noptions timeout:2 attempts:3\n",
      { "10.0.0.1": { failed: "timeout" } },
      temporary,
      [],
      6,
    ],
    [
      "a dead first server",
      "web.",
      "nameserver 10.0.0.1\nnameserver 10.0.0.2\n",
      { "10.0.0.1": { failed: "timeout" }, "10.0.0.2": { zone: { "web.": "10.1.0.4" } } },
      "10.1.0.4",
      ["2:web."],
      5,
    ],
    [
      "a refusing first server",
      "web.",
      "nameserver 10.0.0.1\nnameserver 10.0.0.2\n",
      { "10.0.0.1": { failed: "refused" }, "10.0.0.2": { zone: { "web.": "10.1.0.4" } } },
      "10.1.0.4",
      ["2:web."],
      0,
    ],
    ["two dead servers", "web.", "nameserver 10.0.0.1\nnameserver 10.0.0.2\n", {}, temporary, [], 20],
    [
      "SERVFAIL: the next server",
      "web.",
      "nameserver 10.0.0.1\nnameserver 10.0.0.2\n",
      { "10.0.0.1": { usual: "SERVFAIL" }, "10.0.0.2": { zone: { "web.": "10.1.0.4" } } },
      "10.1.0.4",
      ["1:web.", "2:web."],
    ],
    [
      "SERVFAIL alone: asked twice",
      "web.",
      "nameserver 10.0.0.1\n",
      { "10.0.0.1": { usual: "SERVFAIL" } },
      temporary,
      ["1:web.", "1:web."],
    ],
    [
      "NXDOMAIN ends it, whatever the next server knows",
      "web.",
      "nameserver 10.0.0.1\nnameserver 10.0.0.2\n",
      { "10.0.0.1": {}, "10.0.0.2": { zone: { "web.": "10.1.0.4" } } },
      unknown,
      ["1:web."],
    ],
    [
      "a slow answer is waited for",
      "web.",
      "nameserver 10.0.0.1\n",
      { "10.0.0.1": { zone: { "web.": "10.1.0.4" }, after: 4 } },
      "10.1.0.4",
      ["1:web."],
      4,
    ],
    [
      "no server in the file: the own host",
      "web.",
      "",
      { "127.0.0.1": { zone: { "web.": "10.1.0.5" } } },
      "10.1.0.5",
      ["1:web."],
    ],
  ])("%s", (_, name, conf, servers, found, asked, after = 0, image = "debian:12") => {
    expect(look(name, conf, servers, image)).toEqual({ asked, found, after });
  });
});
