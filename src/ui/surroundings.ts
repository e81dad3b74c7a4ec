import type { Library } from "../lab/library.ts";
import type { HostClock } from "../lab/pace.ts";
import type { AttemptStore } from "../lab/store.ts";
import type { Streams } from "./guard.ts";

/** What a time at the terminal takes from outside; tests have their own. */
export interface Surroundings {
  /** False: no status row. */
  readonly status?: boolean;
  readonly streams?: Streams;
  readonly library?: Library;
  readonly store?: AttemptStore;
  readonly clock?: HostClock;
}
