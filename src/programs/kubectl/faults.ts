/** A fault of a command, said on stderr after `error: `; the exit status is 1 where nothing else is said. */
export class CommandFault extends Error {
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A wrong command line; `See 'kubectl VERB -h' for help and examples` follows (cmdutil.UsageErrorf). */
export class UsageFault extends Error {}

/** Too many or too few words for `create`: told before all else. */
export class NameFault extends UsageFault {}

/** A command line that is answered with the command's help on stdout; then `error: message`, or nothing and success. */
export class HelpFault extends Error {}

/** A manifest file that cannot be read, or whose kind the server does not have. */
export class ManifestFault extends CommandFault {}

/** A text for stderr as it stands, without `error: `. An empty one ends the command without a word. */
export class PlainFault extends Error {
  readonly status: number;

  constructor(message = "", status = 1) {
    super(message);
    this.status = status;
  }
}

/** Several faults of one command, each said on a line of its own; use `failuresOf` to make one. */
export class Failures extends Error {
  readonly faults: readonly Error[];

  constructor(faults: readonly Error[]) {
    super(faults.map((fault) => fault.message).join("\n"));
    this.faults = faults;
  }
}

/** The faults that were thrown together, or the one alone; what is no Error is thrown again. */
export function faultsIn(fault: unknown): readonly Error[] {
  if (fault instanceof Failures) return fault.faults;
  if (fault instanceof Error) return [fault];
  throw fault;
}

/** What to throw for these faults: nothing, the one, or all together. */
export function failuresOf(faults: readonly Error[]): Error | undefined {
  const flat = faults.flatMap((fault) => (fault instanceof Failures ? fault.faults : [fault]));
  return flat.length > 1 ? new Failures(flat) : flat[0];
}

/** A fault of a manifest file as commands that read objects tell it: without `error: ` (get, describe). */
export function untitled(failure: Error): Error {
  return failure instanceof ManifestFault ? new Failures([failure]) : failure;
}

/** A kubeconfig that cannot be used (clientcmd's configuration errors). */
export class ConfigFault extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Nobody answered at the server's address; `message` is Go's, e.g. dial tcp 10.0.0.1:6443: connect: connection refused */
export class Unanswered extends Error {
  readonly host: string;
  readonly refused: boolean;
  /** What was asked: Get "https://10.0.0.1:6443/api" */
  readonly asked: string;

  constructor(host: string, message: string, refused: boolean, asked = "") {
    super(message);
    this.host = host;
    this.refused = refused;
    this.asked = asked;
  }

  /** The same, telling what was asked. */
  about(method: string, url: string): Unanswered {
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    return new Unanswered(this.host, this.message, this.refused, `${verb} ${JSON.stringify(url)}`);
  }

  /** As Go's url.Error prints itself. */
  get whole(): string {
    return this.asked === "" ? this.message : `${this.asked}: ${this.message}`;
  }
}
