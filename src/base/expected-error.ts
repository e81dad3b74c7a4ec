/**
 * An error that is part of the simulated world and is always caught by somebody: a file that is not there, a server that
 * does not answer. It has no stack trace, because making one costs ten times as much as all the rest of it.
 */
export class ExpectedError extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
