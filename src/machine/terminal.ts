import { WaitQueue } from "../base/wait-queue.ts";
import type { OpenFile, Signal } from "./define.ts";
import type { Process } from "./process.ts";

/** Words for the cursor's place: what replaces the characters from `from` up to the cursor. */
export interface Completion {
  readonly from: number;
  readonly words: readonly string[];
  /** The words as a list of them shows them, where that is not themselves. */
  readonly shown?: readonly string[];
  /** No blank after a single match (a directory, a `--flag=`). */
  readonly noSpace?: boolean;
}

/** A shell asks for a line. The editor that answers stands outside the world; the shell behind it may be nested. */
export interface LineRequest {
  readonly prompt: string;
  /** Lines typed before, oldest first. */
  readonly history: readonly string[];
  /** True for the further lines of an unfinished command (PS2). */
  readonly continued: boolean;
  /** Whether more lines are needed before the text can run. */
  incomplete?(text: string): boolean;
}

/** What the editor says to the shell that asked. */
export type LineEvent =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "end" }
  | { readonly type: "interrupt" }
  | { readonly type: "complete"; readonly text: string; readonly cursor: number };

/**
 * A terminal: where a session's keys come from and its output goes. In cooked mode it edits lines itself (echo, erase,
 * Ctrl-C, Ctrl-D); a shell that wants a real line editor asks for a line and the screen's owner answers. What is typed
 * while nobody reads is kept.
 */
export class Terminal {
  columns = 80;
  rows = 24;
  /** Called when the mode changes. */
  onMode: (mode: "cooked" | "raw") => void = () => {};
  echo = true;
  /** The process group that gets the keys and their signals. */
  foreground: number | undefined;
  /** Where output goes. */
  onOutput: (text: string) => void = () => {};
  /** Called when a shell asks for a line (undefined: it no longer does). */
  onLineRequest: (request: LineRequest | undefined) => void = () => {};
  /** Called when words for a "complete" event are known. */
  onCompletion: (completion: Completion) => void = () => {};
  request: LineRequest | undefined;
  /** Whether the last thing written left the cursor at the start of a row. */
  atLineStart = true;

  private currentMode: "cooked" | "raw" = "cooked";
  private readonly sessions = new Set<Process>();
  private events: LineEvent[] = [];
  private typed = "";
  private ready: string[] = [];
  private ends = 0;
  private readonly readable = new WaitQueue();
  private readonly hasEvent = new WaitQueue();
  hungUp = false;

  /** Cooked: lines, echo and signals; raw: every key to the reader as it comes. */
  get mode(): "cooked" | "raw" {
    return this.currentMode;
  }

  set mode(mode: "cooked" | "raw") {
    if (mode === this.currentMode) return;
    this.currentMode = mode;
    this.onMode(mode);
  }

  /** The descriptor that processes read and write. */
  open(): OpenFile {
    return {
      kind: "terminal",
      terminal: this,
      refs: 0,
      read: (max) => this.take(max),
      write: (text) => {
        this.show(text);
        return text.length;
      },
    };
  }

  show(text: string): void {
    if (text === "" || this.hungUp) return;
    this.atLineStart = text.endsWith("\n") || text.endsWith("\r");
    this.onOutput(text);
  }

  // ---- from the keyboard

  /** Keys for whoever reads. In cooked mode: erase, Ctrl-C, Ctrl-\, Ctrl-Z, Ctrl-D and echo are done here. */
  input(keys: string): void {
    for (const key of keys) {
      if (this.mode === "raw") this.deliver(key);
      else this.cook(key);
    }
  }

  private cook(key: string): void {
    if (key === "\u0003") this.interrupt("INT", "^C");
    else if (key === "\u001c") this.interrupt("QUIT", "^\\");
    else if (key === "\u001a") this.interrupt("TSTP", "^Z");
    else if (key === "\u0004") this.endOfInput();
    else if (key === "\u007f" || key === "\b") this.erase();
    else if (key === "\u0015") while (this.typed !== "") this.erase();
    else if (key === "\u0017") this.eraseWord();
    else {
      const typed = key === "\r" ? "\n" : key;
      this.typed += typed;
      if (this.echo) this.show(echoOf(typed));
      if (typed === "\n") {
        this.deliver(this.typed);
        this.typed = "";
      }
    }
  }

  private eraseWord(): void {
    while (this.typed.endsWith(" ")) this.erase();
    while (this.typed !== "" && !this.typed.endsWith(" ")) this.erase();
  }

  private erase(): void {
    const last = [...this.typed].pop();
    if (last === undefined) return;
    this.typed = this.typed.slice(0, -last.length);
    if (this.echo) this.show("\b \b".repeat(echoOf(last).startsWith("^") && last !== "^" ? 2 : 1));
  }

  private endOfInput(): void {
    if (this.typed === "") this.ends++;
    else {
      this.ready.push(this.typed);
      this.typed = "";
    }
    this.readable.wake();
  }

  private deliver(text: string): void {
    this.ready.push(text);
    this.readable.wake();
  }

  private interrupt(signal: Signal, shown: string): void {
    this.typed = "";
    this.ready = [];
    if (this.echo) this.show(shown);
    this.signalForeground(signal);
  }

  /** Sends a signal to the foreground job: all processes of its group, on whatever host they run. */
  signalForeground(signal: Signal): void {
    for (const proc of [...this.sessions]) if (proc.group === this.foreground) proc.signal(signal);
  }

  /** What was typed and nobody has read yet: goes to the next line request. */
  takeTypeAhead(): string {
    const text = this.ready.join("") + this.typed;
    this.ready = [];
    this.typed = "";
    return text;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.signalForeground("WINCH");
  }

  /** The screen is gone: everything on it gets HUP, readers see the end. */
  hangUp(): void {
    this.hungUp = true;
    for (const proc of [...this.sessions]) proc.signal("HUP");
    this.readable.wake();
    this.hasEvent.wake();
  }

  // ---- for processes

  /** The machine tells which processes have this terminal. */
  joined(proc: Process): void {
    this.sessions.add(proc);
  }

  left(proc: Process): void {
    this.sessions.delete(proc);
  }

  private take(max: number): string | undefined | WaitQueue {
    const line = this.ready[0];
    if (line !== undefined) {
      if (line.length <= max) this.ready.shift();
      else this.ready[0] = line.slice(max);
      return line.slice(0, max);
    }
    if (this.ends > 0) {
      this.ends--;
      return undefined;
    }
    return this.hungUp ? undefined : this.readable;
  }

  /** A shell asks for a line; it then reads events with `takeEvent` until it has one. */
  ask(request: LineRequest): void {
    this.request = request;
    this.onLineRequest(request);
  }

  /** The shell no longer wants a line (it was interrupted, or ends). */
  withdraw(): void {
    if (!this.request) return;
    this.request = undefined;
    this.onLineRequest(undefined);
  }

  /** The editor's answer; a line, an end or an interrupt fulfils the request. */
  answer(event: LineEvent): void {
    if (event.type !== "complete") this.request = undefined;
    this.events.push(event);
    this.hasEvent.wake();
  }

  takeEvent(): LineEvent | WaitQueue {
    const event = this.events.shift();
    if (event) return event;
    return this.hungUp ? { type: "end" } : this.hasEvent;
  }
}

/** What the terminal shows of a typed character: control characters as ^X (stty echoctl). */
function echoOf(key: string): string {
  const code = key.charCodeAt(0);
  return code < 32 && key !== "\n" && key !== "\t" ? `^${String.fromCharCode(code + 64)}` : key;
}
