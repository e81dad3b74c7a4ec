import type { Verb } from "../../define.ts";
import { apply } from "./apply.ts";
import { editLastApplied } from "./edit-last-applied.ts";
import { setLastApplied } from "./set-last-applied.ts";
import { viewLastApplied } from "./view-last-applied.ts";

/** kubectl apply and the commands about its annotation. */
export const applyVerbs: readonly Verb[] = [apply, editLastApplied, setLastApplied, viewLastApplied];
