import type { Stat } from "../../../machine/define-files.ts";

/** A line of a listing. */
export interface Entry {
  readonly name: string;
  readonly stat: Stat;
  /** Where a symbolic link leads, in words and (unless it dangles) in fact. */
  readonly target?: string | undefined;
  readonly targetStat?: Stat | undefined;
}
