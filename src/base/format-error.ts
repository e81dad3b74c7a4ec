/** A text that is not what it should be. The message is what the real program says; everything else thrown is a bug. */
export class FormatError extends Error {
  /** How many bytes had been read when the fault was seen, where the real program says so. */
  readonly offset: number | undefined;
  /** The text ended too early. */
  readonly atEnd: boolean;

  constructor(message: string, offset?: number, atEnd = false) {
    super(message);
    this.name = "FormatError";
    this.offset = offset;
    this.atEnd = atEnd;
  }
}
