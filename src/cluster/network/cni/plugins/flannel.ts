import { cidrOf, cidrText, parseIp } from "../../../../base/cidr.ts";
import { root } from "../../../../machine/define-files.ts";
import type { CniPlugin } from "../define.ts";
import { hostLocal } from "../host-local.ts";
import { missingPlugin } from "../missing-plugin.ts";

/** Where flanneld tells the plugin the node's range. */
export const SUBNET_FILE = "/run/flannel/subnet.env";

const needed = ["FLANNEL_NETWORK", "FLANNEL_SUBNET", "FLANNEL_MTU", "FLANNEL_IPMASQ"];

/** Flannel's plugin: it reads the node's range and leaves the rest to bridge and host-local (flannel-io/cni-plugin 1.8). */
export const flannel: CniPlugin = {
  type: "flannel",
  add(call) {
    const { files } = call.host;
    if (files.find(SUBNET_FILE, root)?.kind !== "file")
      return { error: `loadFlannelSubnetEnv failed: open ${SUBNET_FILE}: no such file or directory` };
    const lines = files.read(SUBNET_FILE, root).split("\n");
    const values = new Map(lines.map((line) => line.split("=", 2) as [string, string]));
    const missing = needed.filter((name) => !values.get(name));
    if (missing.length > 0)
      return { error: `loadFlannelSubnetEnv failed: ${SUBNET_FILE} is missing ${missing.join(", ")}` };
    const ranges: string[] = [];
    for (const text of [values.get("FLANNEL_SUBNET") ?? "", values.get("FLANNEL_IPV6_SUBNET") ?? ""]) {
      if (text === "" && ranges.length > 0) continue;
      const [gateway = "", length = ""] = text.split("/");
      const ip = parseIp(gateway);
      if (!ip || !/^\d+$/.test(length)) return { error: `loadFlannelSubnetEnv failed: invalid CIDR address: ${text}` };
      ranges.push(cidrText(cidrOf(ip, Number(length))));
    }
    const bridge = missingPlugin(call.host, "bridge");
    if (bridge !== undefined) return { error: `failed to delegate add: ${bridge}` };
    const answer = hostLocal(call, ranges);
    return answer && "error" in answer ? { error: `failed to delegate add: ${answer.error}` } : answer;
  },
};
