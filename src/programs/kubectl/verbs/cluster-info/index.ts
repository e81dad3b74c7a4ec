import type { Verb } from "../../define.ts";
import { clusterInfo } from "./cluster-info.ts";
import { dump } from "./dump.ts";

/** kubectl cluster-info and what lies below it. */
export const clusterInfoVerbs: readonly Verb[] = [clusterInfo, dump];
