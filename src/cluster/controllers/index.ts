import type { Controller } from "./define.ts";

/** All controllers, by name. */
export const controllers: readonly Controller[] = [];
