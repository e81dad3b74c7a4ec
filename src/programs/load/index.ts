import type { Program } from "../../machine/define.ts";
import { stress } from "./stress.ts";
import { stressNg } from "./stress-ng.ts";

/** The programs that put a load on their host. */
export const loadPrograms: readonly Program[] = [stress, stressNg];
