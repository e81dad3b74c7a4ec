import type { Image } from "../define.ts";
import { ciliumAgent } from "./agent.ts";
import { ciliumOperator } from "./operator.ts";

/** Cilium's own images. */
export const ciliumImages: readonly Image[] = [ciliumAgent, ciliumOperator];
