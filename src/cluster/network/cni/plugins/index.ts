import type { CniPlugin } from "../define.ts";
import { bridge, ptp } from "./bridge.ts";
import { calico } from "./calico.ts";
import { chained } from "./chained.ts";
import { cilium } from "./cilium.ts";
import { flannel } from "./flannel.ts";

const all: readonly CniPlugin[] = [bridge, calico, cilium, flannel, ptp, ...chained];

/** The plugins that are simulated, by type. */
export const cniPlugins: ReadonlyMap<string, CniPlugin> = new Map(all.map((plugin) => [plugin.type, plugin]));
