import { randomInt } from "node:crypto";

/** Chance from outside, for who did not name a seed: short enough to be told to somebody else. */
export function newSeed(): string {
  return String(randomInt(100_000, 1_000_000));
}
