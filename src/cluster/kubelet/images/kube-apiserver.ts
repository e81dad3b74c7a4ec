import { kinds } from "../../../kinds/index.ts";
import type { Node } from "../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { PKI_PART } from "../../api-target.ts";
import { apiServerFlags } from "../../apiserver/flags.ts";
import { createKindTable } from "../../apiserver/kind-table.ts";
import { ApiServer } from "../../apiserver/server.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../daemon/flags.ts";
import { listenHttp } from "../../daemon/health.ts";
import { klog } from "../../daemon/klog.ts";
import type { Pki } from "../../kubeadm/pki.ts";
import { releaseOf, releaseVersions } from "../../kubeadm/release.ts";
import type { Store } from "../../store/define.ts";
import { nodeConnections } from "../node-connections.ts";
import type { Image } from "./define.ts";

/** Files that must be there and readable, by the flag that names them. */
const fileFlags = [
  "client-ca-file",
  "tls-cert-file",
  "tls-private-key-file",
  "etcd-cafile",
  "etcd-certfile",
  "etcd-keyfile",
  "service-account-key-file",
  "service-account-signing-key-file",
  "kubelet-client-certificate",
  "kubelet-client-key",
  "proxy-client-cert-file",
  "proxy-client-key-file",
  "requestheader-client-ca-file",
];

function* fatal(proc: Process, text: string): Task<number> {
  yield* proc.write(2, `Error: ${text}\n`);
  return 1;
}

function missingFile(proc: Process, flags: Flags): string | undefined {
  for (const flag of fileFlags) {
    const path = flags[flag];
    if (path === undefined) continue;
    if (!proc.machine.files.may(path, "r", root)) return `open ${path}: no such file or directory`;
  }
  return undefined;
}

/** The store behind --etcd-servers, if something answers there. */
function storeAt(proc: Process, servers: string): { store: Store; owner: Process } | undefined {
  for (const url of servers.split(",")) {
    const match = /^https?:\/\/([^:/]+):(\d+)$/.exec(url);
    if (!match?.[1]) continue;
    const dialled = proc.machine.network.dial(proc.machine, match[1], Number(match[2]));
    if ("listener" in dialled && dialled.listener.direct)
      return { store: dialled.listener.direct as Store, owner: dialled.listener.proc };
  }
  return undefined;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, apiServerFlags);
  if ("error" in parsed) return yield* fatal(proc, parsed.error);
  const { flags } = parsed;
  const missing = missingFile(proc, flags);
  if (missing) return yield* fatal(proc, missing);
  if (!flags["etcd-servers"]) return yield* fatal(proc, "--etcd-servers must be specified");
  let etcd = storeAt(proc, flags["etcd-servers"]);
  for (let tries = 0; !etcd; tries++) {
    const why = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused";
    yield* klog(
      proc,
      "W",
      "logging.go:55",
      `[core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to {Addr: "127.0.0.1:2379"}. Err: connection error: desc = "${why}"`,
    );
    if (tries >= 20) {
      yield* klog(
        proc,
        "F",
        "instance.go:232",
        "Error creating leases: error creating storage factory: context deadline exceeded",
      );
      return 1;
    }
    yield* proc.sleep(1);
    etcd = storeAt(proc, flags["etcd-servers"]);
  }
  const host = proc.machine.host ?? proc.machine;
  const pki = host.parts.get(PKI_PART) as Pki;
  const { clock, random } = proc.machine.kernel;
  const server = new ApiServer({
    store: etcd.store,
    clock,
    random,
    kinds: createKindTable(kinds),
    flags,
    release: releaseOf(/:(v[^@]+)$/.exec(proc.machine.parts.get("image") as string)?.[1]),
    verifyCertificate: (shown) =>
      typeof shown === "string" ? pki.verify(shown, clock.now)?.subject : pki.subjectOf(shown),
    tokenKey: () => pki.key("sa").publicKey,
    signingKey: () => pki.key("sa"),
    nodes: nodeConnections(host, (name) => etcd.store.get("nodes", undefined, name) as Node | undefined),
  });
  const error = listenHttp(
    proc,
    flags["bind-address"] ?? "0.0.0.0",
    Number(flags["secure-port"] ?? 6443),
    (request) => server.handle(request),
    {
      tls: {
        certificate: () => proc.machine.files.read(flags["tls-cert-file"] ?? "", root),
        unmade: () => proc.machine.files.unmade(flags["tls-cert-file"] ?? ""),
      },
      direct: server,
    },
  );
  if (error) return yield* fatal(proc, `failed to create listener: failed to listen on 0.0.0.0:6443: ${error}`);
  yield* klog(proc, "I", "secure_serving.go:211", `Serving securely on [::]:${flags["secure-port"] ?? 6443}`);
  server.start(flags["advertise-address"] ?? host.net.addresses[0] ?? "");
  try {
    // Without its store the server cannot answer; the real one fails its liveness probe and is restarted.
    while (etcd.owner.state !== "ended") yield* proc.wait({ on: [etcd.owner.changed] });
    yield* klog(proc, "E", "wrap.go:53", "etcdserver: no leader");
    return 1;
  } catch (stop) {
    if (stop instanceof Errno) return 1;
    throw stop;
  } finally {
    server.stop();
  }
}

const program: Program = { name: "kube-apiserver", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The API server: the cluster's only door. */
export const kubeApiserver: Image = {
  repository: "registry.k8s.io/kube-apiserver",
  tags: releaseVersions,
  size: 27_000_000,
  entrypoint: ["kube-apiserver"],
  programs: [program],
  userland: "none",
};
