/** Ends a program with a message (its name is put before) and a status. */
export class Fail extends Error {
  readonly status: number | undefined;
  /** Whether "Try '… --help' for more information." follows. */
  readonly tryHelp: boolean;

  constructor(message: string, status?: number, tryHelp = false) {
    super(message);
    this.status = status;
    this.tryHelp = tryHelp;
  }
}
