import { setFlagsFromString } from "node:v8";

/**
 * How much of a function has to run before V8 11 (Node 20) compiles it with all its art, in bytes of its byte code; its
 * own 66 KiB suit programs with a hot core. A world runs a little of very much: with them, a third of a paper's time goes
 * into code that is hardly used again. Later engines have a compiler between the two and do as well by themselves.
 */
const late = "--interrupt-budget=400000";
/** As V8 11 has it: compiled code is only taken from a cache under the flags that it was kept under. */
const usual = "--interrupt-budget=67584";
const isConcerned = process.versions.v8.startsWith("11.3.");
let isLate = false;

/** Runs what a world does at one go. */
export function compilingLate<T>(work: () => T): T {
  if (!isConcerned || isLate) return work();
  isLate = true;
  setFlagsFromString(late);
  try {
    return work();
  } finally {
    isLate = false;
    setFlagsFromString(usual);
  }
}
