import { goQuote } from "../../../../base/go-text.ts";
import type { Node } from "../../../../kinds/types/core.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { inCluster, SERVICE_ACCOUNT_FOLDER } from "../../../api-target.ts";
import type { Flags } from "../../../daemon/flags.ts";
import { klogLine } from "../../../daemon/klog.ts";
import { pkiAt } from "../../../daemon/serving-tls.ts";
import { pemIn, serverProblem } from "../../../trust.ts";
import { readPage, type Scraped } from "./points.ts";

const PATH = "/metrics/resource";
const usualTypes = "Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP";

/** Asks all kubelets; says in the log which do not answer (pkg/scraper, 0.8). */
export function scrape(proc: Process, nodes: readonly Node[], flags: Flags): Scraped {
  const found: Scraped = { nodes: new Map(), pods: new Map() };
  for (const node of nodes) {
    const { name } = node.metadata;
    const problem = scrapeNode(proc, node, flags, found);
    if (problem === undefined) continue;
    const line = `"Failed to scrape node" err=${goQuote(problem)} node=${goQuote(name)}`;
    proc.fds.get(2)?.write?.(klogLine(proc, "E", "scraper.go:149", line));
  }
  return found;
}

function scrapeNode(proc: Process, { metadata, status }: Node, flags: Flags, into: Scraped): string | undefined {
  const { machine } = proc;
  const types = (flags["kubelet-preferred-address-types"] ?? usualTypes).split(",");
  const named = types.flatMap((type) => (status?.addresses ?? []).filter((one) => one.type === type))[0]?.address;
  if (named === undefined) return `node ${metadata.name} had no addresses that matched types [${types.join(" ")}]`;
  const statusPort = status?.daemonEndpoints?.kubeletEndpoint?.Port;
  const usesStatus = flags["kubelet-use-node-status-port"] === "true" && statusPort;
  const port = usesStatus ? statusPort : Number(flags["kubelet-port"] ?? 10250);
  const failed = (why: string) => `Get "https://${named}:${port}${PATH}": ${why}`;
  const resolved = machine.network.resolve(machine, named);
  if ("failed" in resolved) return failed(`dial tcp: lookup ${named}: no such host`);
  const [address = ""] = resolved.addresses;
  const dialled = machine.network.dial(machine, address, port);
  if ("failed" in dialled) {
    if (dialled.failed === "timeout") return failed("context deadline exceeded");
    const why = dialled.failed === "refused" ? "connection refused" : "no route to host";
    return failed(`dial tcp ${address}:${port}: connect: ${why}`);
  }
  const { http, tls } = dialled.listener;
  if (!http || !tls) return failed("http: server gave HTTP response to HTTPS client");
  if (flags["kubelet-insecure-tls"] !== "true") {
    const authority = pemIn(
      machine.files,
      flags["kubelet-certificate-authority"] ?? `${SERVICE_ACCOUNT_FOLDER}/ca.crt`,
    );
    const by = { pki: pkiAt(proc), now: machine.kernel.clock.now };
    const problem = serverProblem(by, tls.unmade?.() ?? tls.certificate(), authority, named);
    if (problem !== undefined) return failed(`tls: failed to verify certificate: ${problem}`);
  }
  const token = machine.files.find(`${SERVICE_ACCOUNT_FOLDER}/token`, root) ? inCluster(machine).config().headers : {};
  const answer = http({ method: "GET", path: PATH, headers: token, from: machine.net.addresses[0] });
  if (answer.status !== 200) return `request failed, status: ${goQuote(statusText(answer.status))}`;
  readPage(String(answer.body), metadata.name, into);
  return undefined;
}

function statusText(code: number): string {
  const words: Readonly<Record<number, string>> = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
  };
  return `${code} ${words[code] ?? ""}`.trim();
}
