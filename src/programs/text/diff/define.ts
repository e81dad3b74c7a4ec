/** A text as lines, and for each a number: equal numbers for lines that count as equal. */
export interface Lines {
  readonly name: string;
  /** As it is shown in a header. */
  readonly label: string;
  readonly lines: readonly string[];
  /** The last line has no newline. */
  readonly unterminated: boolean;
}

/** A run of lines that were taken out and put in, counted from 0. */
export interface Change {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** All its lines are blank, and blank lines do not count (-B). */
  readonly ignorable: boolean;
}
