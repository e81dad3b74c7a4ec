import { goQuote } from "../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { Program, Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { SERVICE_ACCOUNT_FOLDER } from "../api-target.ts";
import { Connection } from "../connection.ts";
import { pemIn } from "../trust.ts";
import { endsOnTerm } from "./ends-on-term.ts";
import { valueProblem } from "./flag-values.ts";
import { type Flags, parseFlags } from "./flags.ts";
import { type HealthCheck, healthHandler } from "./health.ts";
import { klog } from "./klog.ts";
import { type Election, electionCheck, type Lock, leadUnderLease } from "./leader-election.ts";
import { listenHttp } from "./listen-http.ts";
import { selfSigned } from "./self-signed.ts";
import { keyPairProblem, servingTls } from "./serving-tls.ts";

/** What the health pages of a component are made of. */
export interface Health {
  /** Whether it holds the lease and could renew it. */
  readonly election: HealthCheck;
  readonly leading: () => boolean;
  readonly connection: Connection;
  readonly flags: Flags;
}

/** A component of the control plane of which one at a time does the work: the one that holds the lease. */
interface Leader {
  readonly name: string;
  /** The flags that are known. */
  readonly known: ReadonlySet<string>;
  /** Where it listens unless --secure-port says otherwise. */
  readonly port: number;
  /** Its health pages, by their root. */
  pages(health: Health): Readonly<Record<string, () => readonly HealthCheck[]>>;
  /** What it says, and where, when it has the lease and cannot begin, and when it loses it. */
  readonly says: { readonly cannotBegin: string; readonly lost: string };
  /** What is wrong with its flags taken together. */
  invalid?(flags: Flags): string | undefined;
  /** What its configuration file makes of its flags, or why it cannot start with it. */
  settle?(proc: Process, flags: Flags): { readonly flags: Flags } | { readonly problem: string };
  /** Why it cannot begin its work. */
  problem?(proc: Process, flags: Flags, connection: Connection): string | undefined;
  /** Begins the work; gives back what ends it. */
  lead(proc: Process, connection: Connection, flags: Flags): () => void;
}

/** The program of such a component: it parses flags, listens, reads its kubeconfig, waits for the lease and works. */
export function leaderProgram(leader: Leader): Program {
  return { name: leader.name, folder: "/usr/local/bin", run: endsOnTerm((proc, argv) => run(leader, proc, argv)) };
}

function* failed(proc: Process, text: string): Task<number> {
  yield* klog(proc, "E", "run.go:72", `"command failed" err=${goQuote(text)}`);
  return 1;
}

function* run(leader: Leader, proc: Process, argv: readonly string[]): Task<number> {
  const parsed = parseFlags(argv, leader.known);
  if ("error" in parsed) {
    yield* proc.write(2, `Error: ${parsed.error}\n`);
    return 1;
  }
  const unreadable = valueProblem(parsed.flags);
  if (unreadable !== undefined) {
    yield* proc.write(2, `Error: ${unreadable}\n`);
    return 1;
  }
  const invalid = leader.invalid?.(parsed.flags);
  if (invalid !== undefined) return yield* failed(proc, invalid);
  const settled = leader.settle?.(proc, parsed.flags) ?? { flags: parsed.flags };
  if ("problem" in settled) {
    if (parsed.flags["tls-cert-file"] === undefined) yield* klog(proc, "I", ...selfSignedWords);
    return yield* failed(proc, settled.problem);
  }
  const { flags } = settled;
  const connection = new Connection({ machine: proc.machine, agent: leader.name, ...kubeconfigOf(proc, flags) });
  let stop: (() => void) | undefined;
  try {
    const election: Election = { leads: false, renewed: 0 };
    const problem =
      fileProblem(proc, flags) ?? connection.configProblem() ?? open(leader, proc, connection, flags, election);
    if (problem !== undefined) return yield* failed(proc, problem);
    if (flags["tls-cert-file"] === undefined) yield* klog(proc, "I", ...selfSignedWords);
    const { address, port } = addressOf(leader, flags);
    yield* klog(
      proc,
      "I",
      "secure_serving.go:211",
      `Serving securely on ${address === "0.0.0.0" ? "[::]" : address}:${port}`,
    );
    let refused: string | undefined;
    const lead = () => {
      refused = leader.problem?.(proc, flags, connection);
      if (refused === undefined) stop = leader.lead(proc, connection, flags);
      return refused === undefined;
    };
    if (flags["leader-elect"] === "false") {
      if (lead()) for (;;) yield* proc.wait({ on: [] });
    } else yield* leadUnderLease(proc, connection, leaseOf(leader, flags), election, lead);
    const [source = "", said = ""] = (refused === undefined ? leader.says.lost : leader.says.cannotBegin).split(" | ");
    yield* klog(proc, "E", source, refused === undefined ? goQuote(said) : `${goQuote(said)} err=${goQuote(refused)}`);
    return 1;
  } finally {
    stop?.();
    connection.close();
  }
}

const selfSignedWords = ["serving.go:386", "Generated self-signed cert in-memory"] as const;

/** Its kubeconfig; without one, a pod's own account. */
function kubeconfigOf({ machine }: Process, { kubeconfig }: Flags): { kubeconfig?: string } {
  if (kubeconfig) return { kubeconfig };
  const token = `${SERVICE_ACCOUNT_FOLDER}/token`;
  const inPod = machine.files.unmade(token) ?? machine.files.find(token, root);
  return inPod ? {} : { kubeconfig: "" };
}

function leaseOf({ name }: Leader, flags: Flags): Lock {
  return {
    name: flags["leader-elect-resource-name"] || name,
    namespace: flags["leader-elect-resource-namespace"] || "kube-system",
  };
}

function addressOf(leader: Leader, flags: Flags): { address: string; port: number } {
  return { address: flags["bind-address"] ?? "0.0.0.0", port: Number(flags["secure-port"] ?? leader.port) };
}

/** Files that the flags name and that cannot be read. */
function fileProblem(proc: Process, flags: Flags): string | undefined {
  for (const flag of ["client-ca-file", "requestheader-client-ca-file"]) {
    const path = flags[flag];
    if (path !== undefined && pemIn(proc.machine.files, path) === undefined)
      return `open ${path}: no such file or directory`;
  }
  return keyPairProblem(proc, flags["tls-cert-file"], flags["tls-private-key-file"]);
}

/** Opens the component's port. Gives back why that cannot be. */
function open(
  leader: Leader,
  proc: Process,
  connection: Connection,
  flags: Flags,
  election: Election,
): string | undefined {
  const { address, port } = addressOf(leader, flags);
  const elects = flags["leader-elect"] !== "false";
  const health: Health = {
    election: electionCheck(proc, leader.name, election),
    leading: () => election.leads || !elects,
    connection,
    flags,
  };
  const more = address === "0.0.0.0" ? { dnsNames: ["localhost"] } : { addresses: [address] };
  const tls = servingTls(proc, flags["tls-cert-file"], () => selfSigned(proc, "localhost", more).certificate);
  const pages = leader.pages(health);
  const handler = healthHandler(pages);
  // --authorization-always-allow-paths are these pages, and not what lies below them.
  const http = (request: HttpRequest) => {
    const path = request.path.split("?")[0] ?? "";
    return path.slice(1) in pages ? handler(request) : forbidden(path);
  };
  const busy = listenHttp(proc, address, port, http, { tls });
  return busy && `failed to create listener: failed to listen on ${address}:${port}: ${busy}`;
}

/** All but the health pages is for those whom the API server lets in; nobody is asked here. */
function forbidden(path: string): HttpResponse {
  const message = `forbidden: User "system:anonymous" cannot get path "${path}"`;
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason: "Forbidden",
    details: {},
    code: 403,
  };
  return { status: 403, headers: { "content-type": "application/json" }, body };
}
