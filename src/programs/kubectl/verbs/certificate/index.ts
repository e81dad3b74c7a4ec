import type { Verb } from "../../define.ts";
import { approve } from "./approve.ts";
import { deny } from "./deny.ts";

/** kubectl certificate and all below it. */
export const certificate: readonly Verb[] = [approve, deny];
