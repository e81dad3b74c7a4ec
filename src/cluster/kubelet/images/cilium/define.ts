import { goQuote } from "../../../../base/go-text.ts";
import { rfc3339Micro } from "../../../../base/time.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";

/** The versions of Cilium that its images are there in. */
export const ciliumTags = ["v1.18.4", "v1.18.3", "v1.18.2", "v1.18.1", "v1.18.0", "v1.17.9"];

export const CILIUM_VERSION = "cilium.io/v2";
export const CILIUM_NODES = "ciliumnodes.cilium.io";
export const CILIUM_ENDPOINTS = "ciliumendpoints.cilium.io";

/** A node as Cilium knows it: its addresses, and the ranges of its pods, which the operator gives it. */
export interface CiliumNode extends KubeObject {
  spec: {
    addresses?: { ip: string; type: string }[];
    ipam?: { podCIDRs?: string[] };
  };
}

/** A line of Cilium's log, as Go's slog writes it. */
export function* ciliumLog(proc: Process, level: "info" | "warn" | "error", msg: string, more = ""): Task {
  const time = rfc3339Micro(proc.machine.kernel.clock.now);
  yield* proc.write(2, `time=${time} level=${level} msg=${goQuote(msg)}${more}\n`);
}

/** A setting: a key of the ConfigMap is a file of a folder. */
export function setting(proc: Process, folder: string, key: string): string | undefined {
  const { files } = proc.machine;
  return files.find(`${folder}/${key}`, root) ? files.read(`${folder}/${key}`, root).trim() : undefined;
}

/** Where both programs read their settings. */
export const CONFIG_FOLDER = "/tmp/cilium/config-map";
