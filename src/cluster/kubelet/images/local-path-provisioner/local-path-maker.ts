import { cleanPath } from "../../../../base/clean-path.ts";
import { type Clock, SECOND } from "../../../../base/clock.ts";
import { parseQuantity } from "../../../../base/quantity.ts";
import type { Random } from "../../../../base/random.ts";
import { parseRfc3339 } from "../../../../base/time.ts";
import { readManifests } from "../../../../base/yaml-in/read-manifests.ts";
import type { PersistentVolume } from "../../../../kinds/types/core.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { Api } from "../../../apiserver/define.ts";
import type { Failed, Made, VolumeMaker, Wanted } from "../../../storage/external-provisioner.ts";
import { type LocalPaths, pathsOn } from "./local-paths.ts";

/** How long a helper pod may take (provisioner.go defaultCmdTimeoutSeconds, 0.0.32). */
const LONGEST = 120 * SECOND;
const LONGEST_NAME = 128;

interface Parts {
  readonly name: string;
  readonly api: Api;
  readonly namespace: string;
  /** The manifest that helper pods are made from, and the ConfigMap with their scripts. */
  readonly helper: string;
  readonly scripts: string;
  readonly account: string;
  readonly paths: () => LocalPaths;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (text: string) => void;
}

interface Folder {
  readonly volume: string;
  readonly path: string;
  readonly node: string;
  readonly size: string;
  readonly mode: string;
}

/** Makes volumes in the nodes' folders: a helper pod on the node runs the script for it (local-path-provisioner 0.0.32). */
export class LocalPathMaker implements VolumeMaker {
  readonly finalizer = false;
  readonly firstRetry = 15;
  readonly lastRetry = 1000;
  readonly follows = ["pods", "nodes"];
  private readonly parts: Parts;
  /** The folder chosen for a volume whose helper pod is under way. */
  private readonly chosen = new Map<string, string>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get name(): string {
    return this.parts.name;
  }

  log(text: string): void {
    this.parts.log(text);
  }

  provision({ claim, name, node, storageClass }: Wanted): Made | Failed | undefined {
    const { accessModes = [], selector, resources, volumeMode = "Filesystem" } = claim.spec;
    if (selector) return { error: "claim.Spec.Selector is not supported" };
    if (accessModes.some((mode) => mode !== "ReadWriteOnce" && mode !== "ReadWriteOncePod"))
      return { error: "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes" };
    if (volumeMode === "Block") return { error: "claim.Spec.VolumeMode Block is not supported" };
    if (!node) return { error: "configuration error, no node was specified" };
    const nodeName = node.metadata.name;
    const above = this.chosen.get(name) ?? this.choose(nodeName, storageClass.parameters?.nodePath);
    if (typeof above !== "string") return above;
    this.chosen.set(name, above);
    const path = `${above}/${[name, claim.metadata.namespace, claim.metadata.name].join("_")}`;
    const size = String(parseQuantity(resources?.requests?.storage ?? "0").whole);
    const folder = { volume: name, path, node: nodeName, size, mode: volumeMode };
    const state = this.help("create", folder);
    if (state === undefined) return undefined;
    this.chosen.delete(name);
    if (state !== "done") return { error: `failed to create volume ${name}: ${state.error}` };
    const kind = claim.metadata.annotations?.volumeType ?? storageClass.metadata.annotations?.defaultVolumeType;
    const source = kind === "local" ? { local: { path } } : { hostPath: { path, type: "DirectoryOrCreate" } };
    const host = node.metadata.labels?.["kubernetes.io/hostname"] ?? nodeName;
    const terms = [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [host] }] }];
    return {
      volume: {
        annotations: { "local.path.provisioner/selected-node": nodeName },
        spec: {
          capacity: { storage: resources?.requests?.storage ?? "0" },
          nodeAffinity: { required: { nodeSelectorTerms: terms } },
          ...source,
        },
      },
    };
  }

  private choose(node: string, asked: string | undefined): string | Failed {
    const paths = pathsOn(this.parts.paths(), node);
    if ("error" in paths) return paths;
    if (asked === undefined) return this.parts.random.pick(paths);
    const wanted = cleanPath(asked);
    return paths.includes(wanted) ? wanted : { error: `config doesn't contain path ${asked} on node ${node}` };
  }

  remove(volume: PersistentVolume): "removed" | Failed | undefined {
    const { name } = volume.metadata;
    const failed = (why: string) => ({ error: `failed to delete volume ${name}: ${why}` });
    const path = volume.spec.hostPath?.path ?? (volume.spec.local as { path: string } | undefined)?.path;
    if (path === undefined) return failed("no path set");
    const node = this.nodeOf(volume);
    if (node === undefined) return failed("cannot find affinited node");
    if (!this.parts.api.get("nodes", undefined, node)) {
      this.log(`Node ${node} does not exist. Nothing to clean up.`);
      return "removed";
    }
    const size = String(parseQuantity(volume.spec.capacity?.storage ?? "0").whole);
    const folder = { volume: name, path, node, size, mode: volume.spec.volumeMode ?? "Filesystem" };
    const state = this.help("delete", folder);
    if (state === undefined) return undefined;
    return state === "done" ? "removed" : failed(state.error);
  }

  private nodeOf({ metadata, spec }: PersistentVolume): string | undefined {
    const known = metadata.annotations?.["local.path.provisioner/selected-node"];
    if (known !== undefined) return known;
    const terms = (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []) as {
      matchExpressions?: { key: string; values?: string[] }[];
    }[];
    return terms.flatMap(({ matchExpressions = [] }) => matchExpressions).find(({ values }) => values?.length === 1)
      ?.values?.[0];
  }

  /** Lets a helper pod do something to a folder; undefined while it has not ended. */
  private help(action: "create" | "delete", folder: Folder): "done" | Failed | undefined {
    const { api, namespace, clock } = this.parts;
    const base = `helper-pod-${action}-${folder.volume}`.slice(0, LONGEST_NAME);
    const pod = api.get<Pod>("pods", namespace, base);
    if (!pod) {
      const verb = action === "create" ? "Creating" : "Deleting";
      this.log(`${verb} volume ${folder.volume} at ${folder.node}:${folder.path}`);
      const made: Pod | Failed = this.helperPod(action, base, folder);
      if (!("spec" in made)) return made;
      this.log(`create the helper pod ${base} into ${namespace}`);
      api.create(made);
      return undefined;
    }
    if (pod.metadata.deletionTimestamp) return undefined;
    if (pod.status?.phase === "Succeeded") {
      api.delete(pod);
      this.log(`Volume ${folder.volume} has been ${action}d on ${folder.node}:${folder.path}`);
      return "done";
    }
    const age = clock.now - (parseRfc3339(pod.metadata.creationTimestamp ?? "") ?? clock.now);
    if (age < LONGEST) return undefined;
    api.delete(pod);
    return { error: `create process timeout after ${LONGEST / SECOND} seconds` };
  }

  private helperPod(action: "create" | "delete", name: string, folder: Folder): Pod | Failed {
    const { namespace, helper, account, scripts } = this.parts;
    const [read] = readManifests(helper, "helperPod.yaml");
    if (!read?.object) return { error: `invalid helper pod file: ${String(read?.fault ?? "empty")}` };
    const pod = JSON.parse(JSON.stringify(read.object)) as Pod;
    const above = folder.path.slice(0, folder.path.lastIndexOf("/"));
    const script = action === "create" ? "setup" : "teardown";
    const [first, ...others] = pod.spec.containers;
    if (!first) return { error: "helper pod template has no containers" };
    const container = {
      ...first,
      command: ["/bin/sh", `/script/${script}`],
      args: ["-p", folder.path, "-s", folder.size, "-m", folder.mode, "-a", action],
      env: [
        ...(first.env ?? []),
        { name: "VOL_DIR", value: folder.path },
        { name: "VOL_MODE", value: folder.mode },
        { name: "VOL_SIZE_BYTES", value: folder.size },
      ],
      volumeMounts: [
        ...(first.volumeMounts ?? []),
        { name: "script", mountPath: "/script" },
        { name: "data", mountPath: `${above}/` },
      ],
    };
    const items = ["setup", "teardown"].map((key) => ({ key, path: key }));
    return {
      ...pod,
      metadata: { ...pod.metadata, name, namespace },
      spec: {
        ...pod.spec,
        nodeName: folder.node,
        serviceAccountName: account,
        restartPolicy: "Never",
        tolerations: [...(pod.spec.tolerations ?? []), { operator: "Exists" }],
        volumes: [
          ...(pod.spec.volumes ?? []),
          { name: "data", hostPath: { path: above, type: "DirectoryOrCreate" } },
          { name: "script", configMap: { name: scripts, items } },
        ],
        containers: [container, ...others],
      },
    };
  }
}
