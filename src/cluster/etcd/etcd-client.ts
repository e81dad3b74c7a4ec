import type { Process } from "../../machine/process.ts";
import { pkiAt } from "../daemon/serving-tls.ts";
import type { Store } from "../store/define.ts";
import { pemIn, serverProblem } from "../trust.ts";

/** The store behind an endpoint and the process that serves it, or the words of grpc for why there is none. */
export type EtcdAnswer =
  | { readonly store: Store; readonly owner: Process }
  | { readonly address: string; readonly fault: string };

/** How a client of etcd shows itself, and whom it trusts: paths of PEM files. */
export interface EtcdCredentials {
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
}

/** Connects to the first of etcd's endpoints (URLs) that answers, as grpc does from this process. */
export function dialEtcd(proc: Process, endpoints: readonly string[], credentials: EtcdCredentials): EtcdAnswer {
  let last: EtcdAnswer = {
    address: endpoints[0] ?? "",
    fault: "transport: Error while dialing: dial tcp: missing address",
  };
  for (const url of endpoints) {
    const answer = dialOne(proc, url, credentials);
    if ("store" in answer) return answer;
    last = answer;
  }
  return last;
}

function dialOne(proc: Process, url: string, credentials: EtcdCredentials): EtcdAnswer {
  const match = /^(https?):\/\/([^:/]+):(\d+)\/?$/.exec(url);
  const address = url.replace(/^https?:\/\//, "");
  const failed = (fault: string): EtcdAnswer => ({ address, fault });
  if (!match?.[2])
    return failed(`transport: Error while dialing: dial tcp: address ${address}: missing port in address`);
  const [, scheme, host, port] = match;
  const { network } = proc.machine;
  const resolved = network.resolve(proc.machine, host ?? "");
  if ("failed" in resolved) return failed(`transport: Error while dialing: dial tcp: lookup ${host}: no such host`);
  const ip = resolved.addresses[0] ?? "";
  const dialled = network.dial(proc.machine, ip, Number(port));
  if ("failed" in dialled) {
    const why = {
      refused: "connect: connection refused",
      timeout: "i/o timeout",
      unreachable: "connect: no route to host",
    };
    return failed(`transport: Error while dialing: dial tcp ${ip}:${port}: ${why[dialled.failed]}`);
  }
  const { tls, direct, proc: owner } = dialled.listener;
  if (scheme === "http" && tls) return failed("error reading server preface: http2: frame too large");
  if (scheme === "https") {
    if (!tls)
      return failed("transport: authentication handshake failed: tls: first record does not look like a TLS handshake");
    const { files, kernel } = proc.machine;
    const pki = pkiAt(proc);
    const shown = tls.unmade?.() ?? tls.certificate();
    const problem = serverProblem(
      { pki, now: kernel.clock.now },
      shown,
      pemIn(files, credentials.authority),
      host ?? "",
    );
    if (problem)
      return failed(`transport: authentication handshake failed: tls: failed to verify certificate: ${problem}`);
    const alert = tls.refuses?.(pemIn(files, credentials.certificate));
    if (alert) return failed(`error reading server preface: remote error: tls: ${alert}`);
  }
  if (!isStore(direct)) return failed("error reading server preface: EOF");
  return { store: direct, owner };
}

function isStore(direct: object | undefined): direct is Store {
  return direct !== undefined && "compacted" in direct;
}
