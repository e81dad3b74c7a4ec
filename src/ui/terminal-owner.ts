import { StringDecoder } from "node:string_decoder";
import type { ReadStream, WriteStream } from "node:tty";
import type { Screen, Session } from "../lab/define.ts";
import type { LineRequest } from "../machine/terminal.ts";
import { KeyReader } from "./line/keys.ts";
import { LinePrompt } from "./line/line-prompt.ts";
import { StatusRow } from "./status-row.ts";

/** How long an ESC waits for the rest of a sequence, in milliseconds. */
const ESCAPE_WAIT = 40;

export type TerminalInput = Pick<ReadStream, "on" | "off" | "pause" | "resume" | "isTTY"> & {
  setRawMode?(raw: boolean): unknown;
};
export type TerminalOutput = Pick<WriteStream, "write" | "on" | "off" | "columns" | "rows">;

/** Takes all keys for a while: an Ink screen. */
export interface KeyTaker {
  keys(chunk: string): void;
}

/**
 * The only reader of the keyboard and the only writer to the screen. Keys go to the line being typed, to the running
 * job, to an overlay, or (released) to nobody, because a real editor has the terminal.
 */
export class TerminalOwner {
  private readonly stdin: TerminalInput;
  private readonly stdout: TerminalOutput;
  private readonly decoder = new StringDecoder("utf8");
  private readonly reader = new KeyReader();
  private readonly status: StatusRow;
  private session: Session | undefined;
  private line: LinePrompt | undefined;
  private overlay: KeyTaker | undefined;
  private released = false;
  private readonly held: string[] = [];
  private escapeTimer: NodeJS.Timeout | undefined;
  private wantsStatus: boolean;
  private column = 0;
  /** Called for function keys and other keys that mean something everywhere; true when it was one of them. */
  onHotKey: (name: string) => boolean = () => false;
  /** Called when the attached session has ended. */
  onSessionEnd: (status: number) => void = () => {};

  constructor(stdin: TerminalInput, stdout: TerminalOutput, options: { status: boolean }) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.wantsStatus = options.status;
    this.status = new StatusRow((text) => this.raw(text));
  }

  get columns(): number {
    return this.stdout.columns || 80;
  }

  /** Rows for sessions: all but the status row. */
  get rows(): number {
    return this.status.height || this.stdout.rows || 24;
  }

  // ---- taking and giving back the terminal

  take(): void {
    this.stdin.setRawMode?.(true);
    this.stdin.on("data", this.onData);
    this.stdin.resume();
    this.stdout.on("resize", this.onResize);
    this.raw("\u001b[?2004h");
    if (this.wantsStatus) this.status.raise(this.columns, this.stdout.rows || 24);
  }

  /** Leaves the terminal as it was found. Safe to call twice, and from an exit handler. */
  giveBack(): void {
    this.stdin.off("data", this.onData);
    this.stdout.off("resize", this.onResize);
    clearTimeout(this.escapeTimer);
    this.status.lower();
    this.raw("\u001b[?2004l\u001b[?25h");
    this.stdin.setRawMode?.(false);
    this.stdin.pause();
  }

  /** Lends the real terminal to `use` (an editor), and takes it back whatever happens. */
  async lend<T>(use: () => Promise<T>): Promise<T> {
    this.giveBack();
    this.released = true;
    try {
      return await use();
    } finally {
      this.released = false;
      this.take();
      for (const text of this.held.splice(0)) this.output(text);
      this.line?.resized();
    }
  }

  /** Gives all keys to an overlay, in the alternate screen, until `run` ends. */
  async withOverlay<T>(run: (feed: (taker: KeyTaker) => void) => Promise<T>): Promise<T> {
    this.status.lower();
    this.raw("\u001b[?1049h\u001b[H");
    this.released = true;
    try {
      return await run((taker) => {
        this.overlay = taker;
      });
    } finally {
      this.overlay = undefined;
      this.released = false;
      this.raw("\u001b[?1049l\u001b[?25h");
      if (this.wantsStatus) this.status.raise(this.columns, this.stdout.rows || 24);
      for (const text of this.held.splice(0)) this.output(text);
      this.line?.resized();
    }
  }

  setStatus(text: string): void {
    if (!this.wantsStatus) return;
    if (this.released) return;
    this.status.set(text);
  }

  private raw(text: string): void {
    this.stdout.write(text);
  }

  // ---- a session on the screen

  show(session: Session): void {
    this.session = session;
    this.line = undefined;
    const screen: Screen = {
      output: (text) => this.session === session && this.output(text),
      lineRequest: (request, typedAhead) => this.session === session && this.lineRequest(request, typedAhead),
      completion: (completion) => this.session === session && this.line?.completed(completion),
      ended: (status) => this.session === session && this.onSessionEnd(status),
    };
    session.resize(this.columns, this.rows);
    session.attach(screen);
  }

  private output(text: string): void {
    if (this.released) {
      this.held.push(text);
      return;
    }
    const { line } = this;
    line?.erase();
    this.raw(text.replace(/\r?\n/g, "\r\n"));
    this.column = text.endsWith("\n") ? 0 : 1;
    if (line) {
      if (this.column > 0) this.raw("\r\n");
      line.draw();
    }
  }

  private lineRequest(request: LineRequest | undefined, typedAhead: string): void {
    if (!request) {
      this.line = undefined;
      return;
    }
    const owner = this;
    this.line = new LinePrompt(
      request,
      {
        get columns() {
          return owner.columns;
        },
        get rows() {
          return owner.rows;
        },
        write: (text) => this.raw(text),
        answer: (event) => {
          if (event.type !== "complete") this.line = undefined;
          this.session?.answer(event);
        },
      },
      typedAhead,
    );
  }

  // ---- keys

  private readonly onData = (chunk: Buffer): void => {
    const text = this.decoder.write(chunk);
    if (this.overlay) {
      this.overlay.keys(text);
      return;
    }
    this.keys(text);
  };

  private keys(text: string): void {
    clearTimeout(this.escapeTimer);
    if (!this.line) {
      this.jobKeys(text);
      return;
    }
    const keys = this.reader.read(text);
    this.apply(keys);
    if (this.reader.waiting) this.escapeTimer = setTimeout(() => this.apply(this.reader.flush()), ESCAPE_WAIT);
  }

  private apply(keys: ReturnType<KeyReader["read"]>): void {
    for (const key of keys) {
      if (key.type === "key" && this.onHotKey(key.name)) continue;
      if (this.line) this.line.key(key);
      else this.session?.input(key.type === "key" ? (keyText[key.name] ?? "") : key.text.replace(/\n/g, "\r"));
    }
  }

  /** While a program runs, keys go to its terminal as they come; a whole function key is still ours. */
  private jobKeys(text: string): void {
    const single = new KeyReader().read(text);
    const [only] = single;
    if (single.length === 1 && only?.type === "key" && this.onHotKey(only.name)) return;
    this.session?.input(text.replace(/\u001b\[20[01]~/g, ""));
  }

  private readonly onResize = (): void => {
    if (this.wantsStatus && !this.released) {
      this.status.lower();
      this.status.raise(this.columns, this.stdout.rows || 24);
    }
    this.session?.resize(this.columns, this.rows);
    this.line?.resized();
  };
}

/** Keys that were read for a line but came after it was accepted: back to what the terminal sent. */
const keyText: Readonly<Record<string, string>> = {
  enter: "\r",
  tab: "\t",
  backspace: "\u007f",
  escape: "\u001b",
  "ctrl-c": "\u0003",
  "ctrl-d": "\u0004",
  "ctrl-z": "\u001a",
  "ctrl-u": "\u0015",
  "ctrl-\\": "\u001c",
};
