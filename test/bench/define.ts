/** One line of the table: what was measured, and what stands beside it, measured in the same run. */
export interface Row {
  readonly name: string;
  /** Milliseconds, each one sample. */
  readonly samples: readonly number[];
  /** Processor time of one sample, in milliseconds. */
  readonly cpu?: number;
  /** Resident memory afterwards (or of the child), in MiB. */
  readonly rss?: number;
  readonly reference?: Reference;
  /** The ratio (or the milliseconds) that the project wants. */
  readonly target?: string;
  readonly note?: string;
}

/** What a row is compared with. */
export interface Reference {
  readonly name: string;
  readonly samples: readonly number[];
}

export interface Benchmark {
  /** B1 … B8. */
  readonly name: string;
  readonly title: string;
  /** Measures, and tells each row when it is there. */
  run(tell: (row: Row) => void): Promise<void>;
}

/** Why a benchmark cannot be run here. */
export class Skipped extends Error {}
