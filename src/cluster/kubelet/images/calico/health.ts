import { SECOND } from "../../../../base/clock.ts";
import type { Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { NODENAME_FILE } from "../../../network/cni/calico/define.ts";
import { CALICO_NODE, type CalicoNode, calicoLog } from "./define.ts";

/** How long after its start a node has to speak with all others to be ready; later with one of them (node/pkg/health, 3.30). */
const THRESHOLD = 30 * SECOND;

/** What calico-node's probes ask: -felix-live, -felix-ready, -bird-live, -bird-ready. */
export function* checkNode(proc: Process, flags: ReadonlySet<string>): Task<number> {
  const known = ["felix-live", "felix-ready", "bird-live", "bird-ready"].filter((flag) => flags.has(flag));
  if (known.length === 0) {
    const names = "-bird-live, -bird6-live, -felix-live, -bird, -bird6, or -felix";
    yield* proc.write(1, `calico/node check error: must specify at least one of ${names}\n`);
    return 1;
  }
  const state = proc.machine.parts.get(CALICO_NODE) as CalicoNode | undefined;
  let fault: string | undefined;
  if (flags.has("bird-ready") && state?.bird) yield* tellPeers(proc, state);
  if (flags.has("felix-live")) fault ??= felixFault("Felix is not live", "liveness", state, true);
  if (flags.has("felix-ready")) fault ??= felixFault("felix is not ready", "readiness", state, false);
  if (flags.has("bird-live") && !state?.bird) fault ??= "bird/confd is not live: exit status 1";
  if (flags.has("bird-ready")) fault ??= birdFault(proc, state);
  if (fault === undefined) return 0;
  yield* proc.write(1, `calico/node is not ready: ${fault}\n`);
  return 1;
}

function* tellPeers(proc: Process, state: CalicoNode): Task {
  const count = state.peers().filter(({ isEstablished }) => isEstablished).length;
  yield* calicoLog(proc, "INFO", "node/health.go 202", `Number of node(s) with BGP peering established = ${count}`);
}

function felixFault(what: string, page: string, state: CalicoNode | undefined, isAlive: boolean): string | undefined {
  if (!state)
    return `${what}: Get "http://localhost:9099/${page}": dial tcp 127.0.0.1:9099: connect: connection refused`;
  return isAlive || state.felix === "ready" ? undefined : `${what}: ${page} probe reporting 503`;
}

function birdFault(proc: Process, state: CalicoNode | undefined): string | undefined {
  const { files, kernel } = proc.machine;
  const nodename = files.find(NODENAME_FILE, root);
  if (!nodename)
    return `BIRD is not ready: Failed to stat() nodename file: stat ${NODENAME_FILE}: no such file or directory`;
  if (!state?.bird)
    return "BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/calico/bird.ctl: connect: connection refused";
  const peers = state.peers();
  const missing = peers.filter(({ isEstablished }) => !isEstablished).map(({ address }) => address);
  if (missing.length === 0) return undefined;
  if (kernel.clock.now - nodename.modified >= THRESHOLD && missing.length < peers.length) return undefined;
  return `BIRD is not ready: BGP not established with ${missing.join(",")}`;
}
