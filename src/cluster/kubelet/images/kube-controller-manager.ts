import { Status } from "../../../kinds/status.ts";
import type { Node } from "../../../kinds/types/core.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { privateKeyIn } from "../../apiserver/authentication/token-files.ts";
import { Unreachable } from "../../apiserver/define.ts";
import { Connection } from "../../connection.ts";
import { controllers } from "../../controllers/index.ts";
import { startControllers } from "../../controllers/manager.ts";
import { isEnabled, unknownNames } from "../../controllers/names.ts";
import { nodeIpam, nodeRangeProblem } from "../../controllers/node-ipam.ts";
import { controllerManagerFlags } from "../../daemon/component-flags.ts";
import type { Flags } from "../../daemon/flags.ts";
import { type HealthCheck, ping } from "../../daemon/health.ts";
import { leaderProgram } from "../../daemon/leader-program.ts";
import { withSharedReads } from "../../daemon/shared-reads.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
import type { Image } from "./define.ts";

const name = "kube-controller-manager";
const program = leaderProgram({
  name,
  known: controllerManagerFlags,
  port: 10257,
  says: {
    cannotBegin: "controllermanager.go:257 | Error building controllers",
    lost: "controllermanager.go:368 | leaderelection lost",
  },
  pages({ election, leading, flags }) {
    const elects = flags["leader-elect"] === "false" ? [] : [election];
    const waiting = elects.length > 0 ? elects : [ping];
    const enabled = controllers.filter((c) => isEnabled(c.name, flags.controllers ?? "*"));
    const running = [...elects, ...enabled.map((c): HealthCheck => ({ name: c.name, problem: () => undefined }))];
    return { healthz: () => (leading() && running.length > 0 ? running : waiting) };
  },
  invalid: ({ controllers: list = "*" }) => unknownNames(list),
  problem,
  lead,
});

function problem({ machine }: Process, flags: Flags, api: Connection): string | undefined {
  const missing = (path: string | undefined) => path !== undefined && !machine.files.find(path, root);
  const key = flags["service-account-private-key-file"];
  const authority = flags["root-ca-file"];
  if (missing(key))
    return `error reading key for service account token controller: open ${key}: no such file or directory`;
  if (missing(authority))
    return `error parsing root-ca-file at ${authority}: open ${authority}: no such file or directory`;
  if (isEnabled(nodeIpam.name, flags.controllers ?? "*")) return nodeRangeProblem(flags, () => nodesOf(api));
  return undefined;
}

function nodesOf(api: Connection): readonly Node[] {
  try {
    return api.list<Node>("nodes");
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    return [];
  }
}

/** Starts the controllers that --controllers allows, each under its own service account. */
function lead(proc: Process, api: Connection, flags: Flags): () => void {
  const { machine } = proc;
  const open: Connection[] = [];
  const connect = (as: { name: string; groups: readonly string[] } | undefined, source?: string) => {
    const options = { machine, agent: name, kubeconfig: flags.kubeconfig ?? "", first: api, ...(as ? { as } : {}) };
    const connection = new Connection({ ...options, ...(source ? { source } : {}) });
    open.push(connection);
    return connection;
  };
  // What informers have cached they read without asking; the cache is kept by list and watch, which the manager may.
  const informers = connect({ name: api.reachable ? api.user.name : "", groups: ["system:masters"] });
  const enabled = controllers.filter((c) => isEnabled(c.name, flags.controllers ?? "*"));
  const authority = flags["root-ca-file"];
  let certificate: string | undefined;
  // Read once, and not before somebody needs it: making an authority takes time.
  const rootCertificate = () => {
    const there = authority !== undefined && machine.files.find(authority, root) !== undefined;
    certificate ??= there ? machine.files.read(authority, root) : "";
    return certificate;
  };
  const textIn = (path: string | undefined) =>
    path !== undefined && machine.files.find(path, root) ? machine.files.read(path, root) : undefined;
  const signer = (kind: string) => {
    const [own, all] = [`cluster-signing-${kind}`, "cluster-signing"];
    const certificate = textIn(flags[`${own}-cert-file`] ?? flags[`${all}-cert-file`]);
    const key = textIn(flags[`${own}-key-file`] ?? flags[`${all}-key-file`]);
    return certificate === undefined || key === undefined ? undefined : { certificate, key };
  };
  const tokenKey = () => privateKeyIn(proc, flags["service-account-private-key-file"])?.();
  const { clock, random } = machine.kernel;
  const stop = startControllers(
    enabled,
    (account, source) =>
      withSharedReads(informers, connect(account === "" ? undefined : serviceAccountUser(account), source)),
    { clock, random, flags, rootCertificate, signer, tokenKey },
  );
  return () => {
    stop();
    for (const connection of open) connection.close();
  };
}

function serviceAccountUser(name: string): { name: string; groups: readonly string[] } {
  const groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"];
  return { name: `system:serviceaccount:kube-system:${name}`, groups };
}

/** The controller manager: whatever the cluster does by itself. */
export const kubeControllerManager: Image = {
  repository: "registry.k8s.io/kube-controller-manager",
  tags: releaseVersions,
  size: 23_000_000,
  usage: { cpu: 17, memory: 52 },
  entrypoint: ["kube-controller-manager"],
  programs: [program],
  userland: "none",
};
