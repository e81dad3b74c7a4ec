import type { Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";

/** The options that stand before the object. */
export interface IpOptions {
  readonly family: 4 | 6 | undefined;
  readonly oneLine: boolean;
  readonly brief: boolean;
  readonly json: boolean;
  readonly pretty: boolean;
  readonly statistics: boolean;
  readonly details: boolean;
}

/** A command of ip as it was given: what follows its object. */
export interface IpCall {
  readonly proc: Process;
  readonly options: IpOptions;
  readonly words: readonly string[];
}

/** What ip has objects for: address, link, route. */
export interface IpObject {
  readonly name: string;
  run(call: IpCall): Task<number>;
}

/** What ends the program: its words on stderr, and its status. */
export class IpFault extends Error {
  readonly status: number;

  constructor(words: string, status: number) {
    super(words);
    this.status = status;
  }
}

/** Whether a word is the beginning of a name, as iproute2 takes all its keywords. */
export function begins(word: string, name: string): boolean {
  return word !== "" && name.startsWith(word);
}

/** The first name that a word is the beginning of. */
export function keyword<T extends string>(word: string, names: readonly T[]): T | undefined {
  return names.find((name) => begins(word, name));
}

/** The words of a command that would change the network. */
export function refuseChange({ proc }: IpCall, what: string): never {
  if (proc.credentials.uid !== 0) throw new IpFault("RTNETLINK answers: Operation not permitted", 2);
  throw new IpFault(`ip: to change ${what} is not simulated`, 1);
}

export function unknownCommand(word: string, object: string): never {
  throw new IpFault(`Command "${word}" is unknown, try "ip ${object} help".`, 255);
}
