import { parseCidr } from "../../../../base/cidr.ts";
import { FormatError } from "../../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import type { CniCall, CniPlugin, PluginAnswer } from "../define.ts";
import { hostLocal } from "../host-local.ts";

/** Joins the pods of one host; the way to other hosts is somebody else's (containernetworking/plugins main/bridge). */
export const bridge: CniPlugin = { type: "bridge", add };

/** The same with one link for each pod. */
export const ptp: CniPlugin = { type: "ptp", add };

function add(call: CniCall, { ipam }: JsonObject): PluginAnswer {
  const type = isObject(ipam) ? ipam.type : undefined;
  if (!isObject(ipam) || type !== "host-local")
    return { error: `the address plugin ${JSON.stringify(type ?? "")} is not simulated: host-local is` };
  const ranges = rangesOf(ipam);
  try {
    for (const range of ranges) parseCidr(range);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { error: error.message };
  }
  return hostLocal(call, ranges);
}

/** `subnet`, or the first subnet of each set of `ranges`. */
function rangesOf({ subnet, ranges }: JsonObject): readonly string[] {
  if (typeof subnet === "string") return [subnet];
  const sets = Array.isArray(ranges) ? (ranges as readonly Json[]) : [];
  const found = sets.map((set) => {
    const range = Array.isArray(set) ? (set as readonly Json[])[0] : undefined;
    return isObject(range) && typeof range.subnet === "string" ? range.subnet : "";
  });
  return found.length > 0 ? found : [""];
}
