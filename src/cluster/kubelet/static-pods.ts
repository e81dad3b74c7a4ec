import { goQuote } from "../../base/go-text.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import { root } from "../../machine/define-files.ts";
import type { Machine } from "../../machine/machine.ts";
import { staticPodIn } from "./static-manifest.ts";

/** The annotations of pods that come from a file, and of their mirrors in the API (pkg/kubelet/types, 1.35). */
export const CONFIG_HASH = "kubernetes.io/config.hash";
export const CONFIG_SOURCE = "kubernetes.io/config.source";
const CONFIG_SEEN = "kubernetes.io/config.seen";
export const CONFIG_MIRROR = "kubernetes.io/config.mirror";

/** How often the manifests' folder is read even if nothing seems to have changed (fileCheckFrequency). */
export const FILE_CHECK_SECONDS = 20;

/** What stands in the manifests' folder: pods by their uid (a hash of file and node), and what could not be read. */
export function readStaticPods(
  host: Machine,
  folder: string,
  node: string,
  seen: string,
): { pods: Map<string, Pod>; errors: readonly string[] } {
  const pods = new Map<string, Pod>();
  const errors: string[] = [];
  const { files } = host;
  if (files.find(folder, root)?.kind !== "directory") return { pods, errors };
  for (const name of files.list(folder, root)) {
    const path = `${folder}/${name}`;
    if (name.startsWith(".") || files.find(path, root)?.kind !== "file") continue;
    const read = staticPodIn(files.read(path, root));
    if ("fault" in read) {
      const why = read.parsed ? read.fault : `${path}: couldn't parse as pod(${read.fault}), please check config file`;
      errors.push(`"Could not process manifest file" err=${goQuote(why)} path=${goQuote(path)}`);
    } else {
      const pod = staticPod(read.pod, read.content, path, node, seen);
      pods.set(pod.metadata.uid ?? "", pod);
    }
  }
  return { pods, errors };
}

function staticPod(pod: Pod, content: string, path: string, node: string, seen: string): Pod {
  const hash = hashOf(`${node}${path}${hashed(content)}`);
  const annotations = {
    ...pod.metadata.annotations,
    [CONFIG_HASH]: hash,
    [CONFIG_SEEN]: seen,
    [CONFIG_SOURCE]: "file",
  };
  const tolerations = [...(pod.spec.tolerations ?? []), { effect: "NoExecute" as const, operator: "Exists" as const }];
  const { status: _ignored, ...rest } = pod;
  return {
    ...rest,
    metadata: {
      ...pod.metadata,
      name: `${pod.metadata.name}-${node}`,
      namespace: pod.metadata.namespace ?? "default",
      uid: hash,
      annotations,
    },
    spec: { ...pod.spec, nodeName: node, tolerations },
  };
}

const hashes = new Map<string, string>();

/** The hash of what a manifest says, remembered: it is asked for at every look at the folder. */
function hashed(text: string): string {
  let hash = hashes.get(text);
  if (hash === undefined) {
    if (hashes.size > 200) hashes.clear();
    hash = hashOf(text);
    hashes.set(text, hash);
  }
  return hash;
}

/** 32 hex digits that stand for a text. */
function hashOf(text: string): string {
  let hash = "";
  for (let part = 0; part < 4; part++) {
    let h = 2166136261 + part * 0x9e3779b1;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    hash += ((h ^ (h >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return hash;
}
