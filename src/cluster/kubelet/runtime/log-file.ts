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
/** containerLogMaxFiles where nothing is said. */
const USUAL_FILES = 5;

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
  /** What became too large, the oldest first: as many as there may be files beside the one that is written. */
  readonly rotated: { readonly at: Micros; readonly entries: readonly LogEntry[] }[] = [];
  /** Called after what was appended, and after a rotation: where the files are looked at. */
  onChange: (() => void) | undefined;
  onRotate: ((at: Micros) => void) | undefined;
  private readonly clock: Clock;
  private readonly limit: number;
  private readonly files: number;

  constructor(clock: Clock, { size = USUAL_SIZE, files = USUAL_FILES }: { size?: number; files?: number } = {}) {
    this.clock = clock;
    this.limit = size;
    this.files = files;
  }

  /** What a container's process has as stdout or stderr. */
  writer(stream: LogEntry["stream"]): OpenFile {
    return textWriter((text) => this.append(stream, text));
  }

  append(stream: LogEntry["stream"], text: string): void {
    const end = text.indexOf("\n");
    if (end >= 0 && end === text.length - 1) this.push(stream, text);
    else for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) this.push(stream, line);
    this.onChange?.();
    this.changed.wake();
  }

  private push(stream: LogEntry["stream"], line: string): void {
    const last = this.entries.at(-1);
    if (last && last.stream === stream && !last.text.endsWith("\n"))
      this.entries[this.entries.length - 1] = { ...last, text: last.text + line };
    else this.entries.push({ at: this.clock.now, stream, text: line });
    this.size += line.length;
    if (this.size <= this.limit || !line.endsWith("\n")) return;
    this.rotate();
  }

  private rotate(): void {
    const { now } = this.clock;
    this.onChange?.();
    this.rotated.push({ at: now, entries: this.entries });
    if (this.rotated.length >= this.files) this.rotated.shift();
    this.dropped += this.entries.length;
    this.entries = [];
    this.size = 0;
    this.onRotate?.(now);
  }

  /** The container's process is gone: followers see the end. */
  close(): void {
    this.closed = true;
    this.onChange?.();
    this.changed.wake();
  }
}
