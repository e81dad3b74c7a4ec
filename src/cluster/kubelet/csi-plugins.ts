import { type Clock, SECOND, type Timer } from "../../base/clock.ts";
import { Status } from "../../kinds/status.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { CSINode, CSINodeDriver } from "../../kinds/types/storage.ts";
import { Errno } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { connectUnix } from "../../machine/unix-sockets.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import type { CsiDriver, CsiRegistration } from "../storage/csi-driver.ts";
import { CSI_NODES } from "../storage/define.ts";

/** Where drivers register with the kubelet. */
const FOLDER = "/var/lib/kubelet/plugins_registry";
const NODE_IDS = "csi.volume.kubernetes.io/nodeid";
/** Plugins whose volumes are handed to CSI drivers (pkg/volume/csi, 1.35). */
const MIGRATED = ["aws-ebs", "azure-disk", "azure-file", "cinder", "gce-pd", "portworx-volume", "vsphere-volume"];

/** The CSI drivers of a node that are registered now, by name. */
function driversOn(machine: Machine): Map<string, CsiDriver> {
  const { files } = machine;
  const drivers = new Map<string, CsiDriver>();
  if (!files.find(FOLDER, root)) return drivers;
  for (const name of files.list(FOLDER, root)) {
    const registration = at<Partial<CsiRegistration>>(machine, `${FOLDER}/${name}`)?.plugin;
    const driver = registration && at<CsiDriver>(machine, registration.endpoint);
    if (registration && driver?.csi) drivers.set(registration.name, driver);
  }
  return drivers;
}

/** What answers at a socket, if something does. */
function at<T>(machine: Machine, path: string): T | undefined {
  try {
    return connectUnix(machine, path).direct as T;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return undefined;
  }
}

/** The driver of that name which is registered with a node's kubelet. */
export function csiDriverOn(machine: Machine, name: string): CsiDriver | undefined {
  return driversOn(machine).get(name);
}

/** The kubelet's plugin manager: keeps the CSINode of its node, and what drivers say of the node. */
export class CsiPlugins {
  private readonly api: Api;
  private readonly machine: Machine;
  private readonly clock: Clock;
  private timer: Timer | undefined;
  private stopWatch: (() => void) | undefined;
  private stopped = false;
  private shown = "";

  constructor(api: Api, machine: Machine) {
    this.api = api;
    this.machine = machine;
    this.clock = machine.kernel.clock;
  }

  start(): void {
    const { files } = this.machine;
    if (!files.find(FOLDER, root)) files.mkdir(FOLDER, root, { parents: true, mode: 0o750 });
    this.watch();
    this.later(0.3);
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.stopWatch?.();
  }

  private watch(): void {
    this.stopWatch = this.machine.files.watch(FOLDER).add(() => {
      this.watch();
      this.later(0.2);
    });
  }

  private later(seconds: number): void {
    if (this.stopped) return;
    this.timer?.cancel();
    this.timer = this.clock.at(this.clock.now + Math.round(seconds * SECOND), () => this.look());
  }

  private look(): void {
    try {
      if (this.report()) return;
    } catch (error) {
      if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    }
    this.later(1);
  }

  /** Brings the CSINode up to date. False while the node has not registered. */
  private report(): boolean {
    const { api, machine } = this;
    const node = api.get<Node>("nodes", undefined, machine.name);
    if (!node) return false;
    const drivers = [...driversOn(machine).values()];
    const known = api.get<CSINode>(CSI_NODES, undefined, machine.name);
    const wanted = drivers.map(entryOf).sort((a, b) => (a.name < b.name ? -1 : 1));
    const text = JSON.stringify(wanted);
    if (known && text === this.shown) return true;
    if (!known) this.create(node, wanted);
    else if (JSON.stringify(known.spec.drivers ?? []) !== text)
      api.update<CSINode>({ ...known, spec: { drivers: wanted } });
    if (drivers.length > 0 || node.metadata.annotations?.[NODE_IDS] !== undefined) this.mark(node, drivers);
    this.shown = text;
    return true;
  }

  private create({ metadata }: Node, drivers: CSINodeDriver[]): void {
    const owner = { apiVersion: "v1", kind: "Node", name: metadata.name, uid: metadata.uid ?? "" };
    const migrated = MIGRATED.map((plugin) => `kubernetes.io/${plugin}`).join(",");
    this.api.create<CSINode>({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: {
        name: metadata.name,
        annotations: { "storage.alpha.kubernetes.io/migrated-plugins": migrated },
        ownerReferences: [owner],
      },
      spec: { drivers: drivers.length > 0 ? drivers : null },
    });
  }

  /** The node's labels of topology, and the ids that its drivers know it by. */
  private mark(node: Node, drivers: readonly CsiDriver[]): void {
    this.api.modify<Node>(node, (now) => {
      const labels = { ...now.metadata.labels };
      for (const { topology } of drivers) Object.assign(labels, topology);
      const { [NODE_IDS]: _ids, ...annotations } = now.metadata.annotations ?? {};
      const ids = JSON.stringify(Object.fromEntries(drivers.map(({ name, nodeId }) => [name, nodeId])));
      const shown = drivers.length > 0 ? { ...annotations, [NODE_IDS]: ids } : annotations;
      return { ...now, metadata: { ...now.metadata, labels, annotations: shown } };
    });
  }
}

function entryOf({ name, nodeId, topology, mostVolumes }: CsiDriver): CSINodeDriver {
  const keys = Object.keys(topology).sort();
  return {
    name,
    nodeID: nodeId,
    topologyKeys: keys.length > 0 ? keys : null,
    ...(mostVolumes === undefined ? {} : { allocatable: { count: mostVolumes } }),
  };
}
