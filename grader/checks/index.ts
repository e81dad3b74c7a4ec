import type { Check } from "../define.ts";
import { absent } from "./absent.ts";
import { can } from "./can.ts";
import { count } from "./count.ts";
import { expr } from "./expr.ts";
import { file } from "./file.ts";
import { object } from "./object.ts";
import { reaches } from "./reaches.ts";
import { resolves } from "./resolves.ts";
import { rollout } from "./rollout.ts";
import { unit } from "./unit.ts";

/** Every kind of check, in the order in which their keys are looked for: expr before object, which it may name. */
export const checks: readonly Check[] = [can, count, expr, file, absent, object, reaches, resolves, rollout, unit];
