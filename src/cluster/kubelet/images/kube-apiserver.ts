import { fromBase64 } from "../../../base/base64.ts";
import { goQuote } from "../../../base/go-text.ts";
import { textOf } from "../../../base/text-bytes.ts";
import { kinds } from "../../../kinds/index.ts";
import type { Node } from "../../../kinds/types/core.ts";
import { Errno, type Program, type Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { admissionFileFault, admissionFlagFault } from "../../apiserver/admission/configuration.ts";
import type { ServerHooks } from "../../apiserver/context.ts";
import { apiServerFlags } from "../../apiserver/flags.ts";
import { createKindTable } from "../../apiserver/kind-table.ts";
import { ApiServer } from "../../apiserver/server.ts";
import { serviceRangeFault } from "../../apiserver/service-range-fault.ts";
import { fileProblem, serverHooks } from "../../apiserver/serving.ts";
import { endsOnTerm } from "../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../daemon/flags.ts";
import { klog } from "../../daemon/klog.ts";
import { listenHttp } from "../../daemon/listen-http.ts";
import { selfSigned } from "../../daemon/self-signed.ts";
import { pkiAt, servingTls } from "../../daemon/serving-tls.ts";
import { dialEtcd, type EtcdAnswer } from "../../etcd/etcd-client.ts";
import { releaseOf, releaseVersions } from "../../kubeadm/release.ts";
import type { Store } from "../../store/define.ts";
import { pemIn, serverProblem } from "../../trust.ts";
import { nodeConnections } from "../node-connections.ts";
import type { Image } from "./define.ts";

/** How long the server waits at its start for etcd (storagebackend/factory dialTimeout, 1.35). */
const DIAL_SECONDS = 20;

/** What the server was told when it started. */
interface Options {
  readonly flags: Flags;
  readonly hooks: Partial<ServerHooks>;
  readonly address: string;
}

type Etcd = Extract<EtcdAnswer, { store: Store }>;

/** What ends the process after its flags were read (component-base cli, 1.35). */
function* failed(proc: Process, text: string): Task<number> {
  yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(text)}`);
  return 1;
}

function etcdAt(proc: Process, flags: Flags): EtcdAnswer {
  const credentials = { authority: flags["etcd-cafile"], certificate: flags["etcd-certfile"] };
  return dialEtcd(proc, (flags["etcd-servers"] ?? "").split(","), credentials);
}

/** What grpc logs for each try to connect. */
function grpcLine({ address, fault }: Exclude<EtcdAnswer, Etcd>): string {
  const target = `{Addr: "${address}", ServerName: "${address}", BalancerAttributes: {"<%!p(pickfirstleaf.managedByPickfirstKeyType={})>": "<%!p(bool=true)>" }}`;
  return `[core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to ${target}. Err: connection error: desc = ${goQuote(fault)}`;
}

/** Waits until etcd answers, with a line in the log for each try, each after a longer pause (grpc's back-off). */
function* connectedEtcd(proc: Process, flags: Flags, seconds: number): Task<Etcd | undefined> {
  let pause = 1;
  let waited = 0;
  for (;;) {
    const answer = etcdAt(proc, flags);
    if ("store" in answer) return answer;
    yield* klog(proc, "W", "logging.go:55", grpcLine(answer));
    if (waited >= seconds) return undefined;
    const next = Math.min(pause, seconds - waited);
    yield* proc.sleep(next);
    waited += next;
    pause = Math.min(pause * 1.6, 120);
  }
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, apiServerFlags);
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return 1;
  }
  const { flags } = parsed;
  const address = flags["advertise-address"] ?? (proc.machine.host ?? proc.machine).net.addresses[0] ?? "";
  if (!flags["etcd-servers"]) return yield* failed(proc, "--etcd-servers must be specified");
  yield* klog(proc, "I", "options.go:263", `external host was not specified, using ${address}`);
  const unusable = serviceRangeFault(flags) ?? admissionFlagFault(flags);
  if (unusable) return yield* failed(proc, unusable);
  yield* klog(proc, "I", "server.go:150", `Version: ${versionOf(proc)}`);
  const missing = fileProblem(proc, flags);
  if (missing?.fatal) yield* klog(proc, "F", "instance.go:233", missing.text);
  if (missing) return missing.fatal ? 255 : yield* failed(proc, missing.text);
  const admission = admissionFileFault(flags, readerOf(proc));
  if (admission) return yield* failed(proc, admission);
  const hooks = serverHooks(proc, flags);
  if (typeof hooks === "string") return yield* failed(proc, hooks);
  let etcd = yield* connectedEtcd(proc, flags, DIAL_SECONDS);
  if (!etcd) {
    const why = "Error creating leases: error creating storage factory: context deadline exceeded";
    yield* klog(proc, "F", "instance.go:233", why);
    return 255;
  }
  try {
    for (;;) {
      const next: Etcd | string = yield* serve(proc, { flags, hooks, address }, etcd);
      if (typeof next === "string") return yield* failed(proc, next);
      etcd = next;
    }
  } catch (stop) {
    if (stop instanceof Errno) return 1;
    throw stop;
  }
}

/** Reads files as the process sees them. */
function readerOf({ machine: { files } }: Process): (path: string) => string | undefined {
  return (path) => (files.may(path, "r", root) ? files.read(path, root) : undefined);
}

function versionOf(proc: Process): string {
  return releaseOf(/:(v[^@]+)$/.exec(proc.machine.parts.get("image") as string)?.[1]).version;
}

/** Serves until etcd comes back with other data: then all begins anew with those. A text says why it cannot serve. */
function* serve(proc: Process, options: Options, etcd: Etcd): Task<Etcd | string> {
  const { flags, address } = options;
  const { listeners } = proc.machine.net;
  const server = makeServer(proc, options, etcd);
  const [bind, port] = [flags["bind-address"] ?? "0.0.0.0", Number(flags["secure-port"] ?? 6443)];
  const busy = listenHttp(proc, bind, port, (request) => server.handle(request), {
    tls: servingTls(proc, flags["tls-cert-file"], () => selfSigned(proc, address).certificate),
    direct: server,
  });
  if (busy) return `failed to create listener: failed to listen on ${bind}:${port}: ${busy}`;
  yield* klog(proc, "I", "secure_serving.go:211", `Serving securely on ${bind === "0.0.0.0" ? "[::]" : bind}:${port}`);
  server.start(address);
  try {
    return yield* followEtcd(proc, flags, server, etcd);
  } finally {
    server.stop();
    const own = listeners.findIndex(({ direct }) => direct === server);
    if (own >= 0) listeners.splice(own, 1);
  }
}

/** While etcd is away, requests fail; when it is back with the same data, all goes on. */
function* followEtcd(proc: Process, flags: Flags, server: ApiServer, first: Etcd): Task<Etcd> {
  let etcd = first;
  for (;;) {
    while (etcd.owner.state !== "ended") yield* proc.wait({ on: [etcd.owner.changed] });
    const lost = etcdAt(proc, flags);
    if ("fault" in lost) {
      server.loseStorage(`rpc error: code = Unavailable desc = connection error: desc = ${goQuote(lost.fault)}`);
      // Whoever is connected learns that its watches ended.
      proc.changed.wake();
    }
    const next = "store" in lost ? lost : yield* connectedEtcd(proc, flags, Number.POSITIVE_INFINITY);
    if (!next || next.store !== first.store) return next ?? first;
    server.regainStorage();
    etcd = next;
  }
}

function makeServer(proc: Process, { flags, hooks }: Options, { store }: Etcd): ApiServer {
  const host = proc.machine.host ?? proc.machine;
  const { files, kernel } = proc.machine;
  const { clock, random } = kernel;
  const nodeNamed = (name: string) => store.get("nodes", undefined, name) as Node | undefined;
  return new ApiServer({
    store,
    clock,
    random,
    kinds: createKindTable(kinds),
    flags,
    readFile: readerOf(proc),
    release: releaseOf(/:(v[^@]+)$/.exec(proc.machine.parts.get("image") as string)?.[1]),
    ...hooks,
    dial: (address, port) => host.network.dial(host, address, port),
    serverProblem(shown, bundle, name) {
      const authority = bundle === undefined ? undefined : textOf(fromBase64(bundle) ?? new Uint8Array());
      return serverProblem({ pki: pkiAt(proc), now: clock.now }, shown, authority, name);
    },
    nodes: nodeConnections(host, nodeNamed, {
      certificate: () => pemIn(files, flags["kubelet-client-certificate"]),
      problem: (shown, name) => {
        const authority = flags["kubelet-certificate-authority"];
        if (authority === undefined) return undefined;
        return serverProblem({ pki: pkiAt(proc), now: clock.now }, shown, pemIn(files, authority), name);
      },
    }),
  });
}

const program: Program = { name: "kube-apiserver", folder: "/usr/local/bin", run: endsOnTerm(run) };

/** The API server: the cluster's only door. */
export const kubeApiserver: Image = {
  repository: "registry.k8s.io/kube-apiserver",
  tags: releaseVersions,
  size: 27_000_000,
  usage: { cpu: 48, memory: 236 },
  entrypoint: ["kube-apiserver"],
  programs: [program],
  userland: "none",
};
