import type { Program } from "../../machine/define.ts";
import { awk } from "./awk/index.ts";

/** The everyday text and file tools, one a line, in order. */
export const textPrograms: readonly Program[] = [
  awk,
];
