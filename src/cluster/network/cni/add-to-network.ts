import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import { CNI_PLUGIN_FOLDER, type CniCall, type Joined, type NotJoined } from "./define.ts";
import { missingPlugin } from "./missing-plugin.ts";
import { networkConfig } from "./network-config.ts";
import { cniPlugins } from "./plugins/index.ts";

/** Adds a pod's sandbox to the network as the container runtime does: loopback, then each plugin of the configuration. */
export function addToNetwork(call: CniCall): Joined {
  const read = networkConfig(call.host.files);
  if ("fault" in read) return { error: "cni plugin not initialized", isKept: true };
  const loopback = unusable(call.host, "loopback");
  if (loopback !== undefined) return failed("loopback", loopback, true);
  let addresses: readonly string[] | undefined;
  const leaves: (() => void)[] = [];
  const leave = () => {
    for (const one of leaves.toReversed()) one();
  };
  for (const { type, config } of read.plugins) {
    const plugin = cniPlugins.get(type);
    const broken = unusable(call.host, type) ?? (plugin ? undefined : notSimulated(type));
    const answer = broken === undefined ? plugin?.add(call, config) : { error: broken };
    if (answer && "error" in answer) {
      leave();
      // What a plugin hands on to others is missing for both ways, too.
      const isOneWay = broken === undefined && !plugin?.needsItsServer && !/failed to find plugin/.test(answer.error);
      return failed(type, answer.error, !isOneWay);
    }
    if (!answer) continue;
    addresses = answer.addresses;
    leaves.push(answer.leave);
  }
  if (addresses === undefined)
    return { error: `failed to find network info for sandbox "${call.sandbox}"`, isKept: false };
  return { addresses, mapsPorts: read.plugins.some(({ type }) => type === "portmap"), leave };
}

function failed(type: string, why: string, isKept: boolean): NotJoined {
  return { error: `plugin type=${JSON.stringify(type)} failed (add): ${why}`, isKept };
}

function notSimulated(type: string): string {
  return `the CNI plugin ${type} is not simulated`;
}

/** Why a plugin's binary cannot be run (libcni FindInPath, invoke.RawExec). */
function unusable(host: Machine, type: string): string | undefined {
  const missing = missingPlugin(host, type);
  if (missing !== undefined) return missing;
  const path = `${CNI_PLUGIN_FOLDER}/${type}`;
  if (((host.files.find(path, root)?.mode ?? 0) & 0o111) !== 0) return undefined;
  return `netplugin failed with no error message: fork/exec ${path}: permission denied`;
}
