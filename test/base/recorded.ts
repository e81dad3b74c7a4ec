import { readFileSync } from "node:fs";

/** The recorded cases of test/corpus/<name>.jsonl. */
export function recorded<T>(name: string): T[] {
  const text = readFileSync(new URL(`../corpus/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** A copy in which everything is frozen, so that a function that changes its input fails. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) frozen(item);
  }
  return value;
}
