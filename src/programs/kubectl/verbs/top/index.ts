import type { Verb } from "../../define.ts";
import { node } from "./node.ts";
import { pod } from "./pod.ts";

/** kubectl top and all below it. */
export const top: readonly Verb[] = [node, pod];
