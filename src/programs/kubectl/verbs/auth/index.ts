import type { Verb } from "../../define.ts";
import { canI } from "./can-i.ts";
import { reconcile } from "./reconcile.ts";
import { whoami } from "./whoami.ts";

/** kubectl auth and all below it. */
export const auth: readonly Verb[] = [canI, reconcile, whoami];
