import type { Micros } from "../base/clock.ts";
import { WaitQueue } from "../base/wait-queue.ts";
import type { OpenFile } from "./define.ts";
import type { Machine } from "./machine.ts";

/** A line of the journal. */
export interface JournalEntry {
  readonly at: Micros;
  /** The unit it comes from or is about. */
  readonly unit: string | undefined;
  readonly identifier: string;
  /** undefined for the kernel. */
  readonly pid: number | undefined;
  /** syslog's: 0 emerg to 7 debug. */
  readonly priority: number;
  readonly message: string;
}

/** As journald's SystemMaxUse would: the oldest tenth goes when this many are kept. */
const MOST_ENTRIES = 10_000;
/** journald's LineMax. */
const LONGEST_LINE = 48 * 1024;

/** The journal of one host. */
export class Journal {
  entries: JournalEntry[] = [];
  /** How many were dropped: the number of an entry is its index plus this. */
  dropped = 0;
  readonly changed = new WaitQueue();
  private readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  add(entry: Omit<JournalEntry, "at">): void {
    this.entries.push({ at: this.machine.kernel.clock.now, ...entry });
    if (this.entries.length > MOST_ENTRIES) {
      this.dropped += MOST_ENTRIES / 10;
      this.entries = this.entries.slice(MOST_ENTRIES / 10);
    }
    this.changed.wake();
  }

  /** A descriptor whose lines go to the journal: a service's stdout or stderr. "<3>text" sets the priority. */
  writer(unit: string | undefined, identifier: string, pid: () => number | undefined): OpenFile {
    let rest = "";
    const say = (line: string) => {
      const level = /^<([0-7])>/.exec(line);
      const priority = level ? Number(level[1]) : 6;
      const message = (level ? line.slice(3) : line).trimEnd();
      if (message !== "") this.add({ unit, identifier, pid: pid(), priority, message });
    };
    return {
      kind: "socket",
      refs: 0,
      write(text) {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) say(line);
        while (rest.length > LONGEST_LINE) {
          say(rest.slice(0, LONGEST_LINE));
          rest = rest.slice(LONGEST_LINE);
        }
        return text.length;
      },
      close() {
        if (rest !== "") say(rest);
        rest = "";
      },
    };
  }
}

/** The journal of a host, begun when it is first asked for. */
export function journalOf(machine: Machine): Journal {
  let journal = machine.parts.get("journal") as Journal | undefined;
  if (!journal) {
    journal = new Journal(machine);
    machine.parts.set("journal", journal);
  }
  return journal;
}
