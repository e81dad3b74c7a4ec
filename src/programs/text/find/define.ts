import type { Task } from "../../../machine/define.ts";
import type { Stat } from "../../../machine/define-files.ts";

/** What find looks at. */
export interface Visit {
  /** As it is printed. */
  readonly path: string;
  /** The starting point it was found under. */
  readonly start: string;
  readonly depth: number;
  readonly stat: Stat;
}

/** A test or an action: true lets the expression go on. */
export type Test = (visit: Visit) => boolean | Task<boolean>;

/** How the tree is walked, as options and actions leave it. */
export interface Walk {
  least: number;
  most: number;
  /** What is in a directory comes before it. */
  depthFirst: boolean;
  follow: "never" | "operands" | "always";
  /** -regextype: the language of the -regex that follow. */
  regexType: string;
  /** Set by -prune for the directory at hand. */
  pruned: boolean;
  quit: boolean;
  /** Whether the expression prints or does something by itself. */
  acts: boolean;
  /** Run at the end: what is left for -exec … + */
  readonly atEnd: (() => Task)[];
}
