import type { Clock, Micros } from "../../../base/clock.ts";
import { WaitQueue } from "../../../base/wait-queue.ts";
import type { OpenFile } from "../../../machine/define.ts";
import { textWriter } from "../../../machine/text-files.ts";

export interface LogEntry {
  readonly at: Micros;
  readonly stream: "stdout" | "stderr";
  /** A line with its line break, or the beginning of one that goes on. */
  readonly text: string;
}

/** containerLogMaxSize where nothing is said. */
const USUAL_SIZE = 10 * 1024 * 1024;

/**
 * What a container wrote, entry by entry, as it lies under /var/log/pods. When it has grown to its limit a new file is begun, and
 * only that one is shown (pkg/kubelet/logs/container_log_manager.go, 1.35).
 */
export class LogFile {
  readonly changed = new WaitQueue();
  entries: LogEntry[] = [];
  /** How many entries were dropped at the front. */
  dropped = 0;
  closed = false;
  /** How many characters are kept. */
  size = 0;
  private readonly clock: Clock;
  private readonly limit: number;

  constructor(clock: Clock, limit = USUAL_SIZE) {
    this.clock = clock;
    this.limit = limit;
  }

  /** What a container's process has as stdout or stderr. */
  writer(stream: LogEntry["stream"]): OpenFile {
    return textWriter((text) => this.append(stream, text));
  }

  append(stream: LogEntry["stream"], text: string): void {
    const end = text.indexOf("\n");
    if (end >= 0 && end === text.length - 1) this.push(stream, text);
    else for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) this.push(stream, line);
    this.changed.wake();
  }

  private push(stream: LogEntry["stream"], line: string): void {
    const last = this.entries.at(-1);
    if (last && last.stream === stream && !last.text.endsWith("\n"))
      this.entries[this.entries.length - 1] = { ...last, text: last.text + line };
    else this.entries.push({ at: this.clock.now, stream, text: line });
    this.size += line.length;
    if (this.size <= this.limit || !line.endsWith("\n")) return;
    this.dropped += this.entries.length;
    this.entries = [];
    this.size = 0;
  }

  /** The container's process is gone: followers see the end. */
  close(): void {
    this.closed = true;
    this.changed.wake();
  }
}
