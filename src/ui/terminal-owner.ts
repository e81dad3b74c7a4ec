import type { Session } from "../lab/define.ts";
import type { LineRequest } from "../machine/terminal.ts";
import { HeldOutput } from "./held-output.ts";
import { columnAfter } from "./line/column-after.ts";
import { KeyStream } from "./line/key-stream.ts";
import { KeyReader, type TypedKey } from "./line/keys.ts";
import { LinePrompt } from "./line/line-prompt.ts";
import { StatusRow } from "./status-row.ts";
import type { Overlay, TerminalInput, TerminalOutput } from "./terminal-streams.ts";
import { Turns } from "./turns.ts";
import { WindowTitle } from "./window-title.ts";

/** What may have wiped the status row: erasing below the cursor, or the other screen. */
const WIPES = /\u001b(?:\[[0-3]?J|\[\?1049[hl]|c)/;

/**
 * The only reader of the keyboard and the only writer to the screen. Keys go to the line being typed, to the running
 * job, to an overlay, or (released) to nobody, because a real editor has the terminal.
 */
export class TerminalOwner {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  private readonly typed = new KeyStream((keys) => this.apply(keys));
  private readonly status: StatusRow;
  private readonly title: WindowTitle;
  private readonly wants: { readonly status: boolean; readonly title: boolean };
  private session: Session | undefined;
  private line: LinePrompt | undefined;
  private column = 0;
  /** What is typed at a prompt that nobody stands behind yet. */
  private early: TypedKey[] | undefined;
  private meta = false;
  private taken = false;
  private away: "overlay" | "editor" | undefined;
  readonly turns = new Turns();
  private overlay: Overlay | undefined;
  private readonly held = new HeldOutput();
  /** Called for keys that mean something everywhere; true when it was one of them. */
  onHotKey: (name: string) => boolean = () => false;
  /** Called when the attached session has ended. */
  onSessionEnd: (status: number) => void = () => {};

  constructor(stdin: TerminalInput, stdout: TerminalOutput, wants: { status: boolean; title: boolean }) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.wants = wants;
    this.status = new StatusRow((text) => this.stdout.write(text));
    this.title = new WindowTitle((text) => this.stdout.write(text));
  }

  get columns(): number {
    return this.stdout.columns || 80;
  }

  /** Rows for sessions: all but the status row. */
  get rows(): number {
    return this.allRows - (this.status.shown ? 1 : 0);
  }

  private get allRows(): number {
    return this.stdout.rows || 24;
  }

  get hasStatusRow(): boolean {
    return this.status.shown;
  }

  // ---- taking and giving back the terminal

  take(): void {
    if (this.taken) return;
    this.taken = true;
    this.stdin.setRawMode?.(true);
    this.stdin.on("data", this.onData);
    this.stdin.resume();
    this.stdout.on("resize", this.onResize);
    this.stdout.write("\u001b[?2004h");
    this.raiseStatus();
  }

  /** Leaves the terminal as it was found. Safe to call twice, and from an exit handler. */
  giveBack(): void {
    if (this.away === "overlay") this.stdout.write("\u001b[?1049l");
    else if (this.line) this.line.abandon();
    this.line = undefined;
    this.letGo();
    this.title.restore();
  }

  private letGo(): void {
    if (!this.taken) return;
    this.taken = false;
    this.stdin.off("data", this.onData);
    this.stdout.off("resize", this.onResize);
    this.typed.stop();
    this.status.lower();
    this.stdout.write("\u001b[?2004l\u001b[?25h");
    this.stdin.setRawMode?.(false);
    this.stdin.pause();
  }

  /** Lends the real terminal to `use` (an editor), and takes it back whatever happens. `stop` asks it to end. */
  lend<T>(use: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    return this.alone(
      "editor",
      () => stop.abort(),
      async () => {
        this.letGo();
        try {
          return await use(stop.signal);
        } finally {
          this.take();
        }
      },
    );
  }

  /** Gives all keys to an overlay, in the alternate screen, until `run` ends. */
  withOverlay<T>(run: (feed: (overlay: Overlay) => void) => Promise<T>): Promise<T> {
    return this.alone(
      "overlay",
      () => this.overlay?.close(),
      async () => {
        this.status.lower();
        this.stdout.write("\u001b[?1049h\u001b[H\u001b[2J\u001b[?25l");
        try {
          return await run((overlay) => {
            this.overlay = overlay;
          });
        } finally {
          this.overlay = undefined;
          this.stdout.write("\u001b[?1049l\u001b[?25h");
          this.raiseStatus();
        }
      },
    );
  }

  /** Whether an editor has the terminal. */
  get lent(): boolean {
    return this.away === "editor";
  }

  /** What is written while somebody else has the screen is kept. */
  private alone<T>(by: "overlay" | "editor", close: () => void, use: () => Promise<T>): Promise<T> {
    return this.turns.next(close, async () => {
      const size = `${this.columns}x${this.allRows}`;
      this.away = by;
      try {
        return await use();
      } finally {
        this.away = undefined;
        this.raw(this.held.take());
        if (size !== `${this.columns}x${this.allRows}`) this.resized();
      }
    });
  }

  // ---- the status row and the window's title

  setStatus(text: string): void {
    this.status.set(text);
  }

  private raiseStatus(): void {
    if (this.wants.status && this.taken) this.status.raise(this.columns, this.allRows);
  }

  setTitle(text: string): void {
    if (this.taken && this.wants.title) this.title.set(text);
  }

  /** All that is written to the normal screen goes through here, so that the status row survives it. */
  private raw(text: string): void {
    if (text === "") return;
    if (this.away) this.held.push(text);
    else this.stdout.write(WIPES.test(text) ? text + this.status.painted() : text);
  }

  // ---- a session on the screen

  /** Shows the prompt of a session that is yet to come; what is typed meanwhile waits for it. */
  expect(request: LineRequest): void {
    this.early = [];
    this.line = this.newLine(request);
  }

  /** Shows a session from now on; `recent` is what it last showed, where it was begun elsewhere. */
  show(session: Session, recent = ""): void {
    this.session = session;
    if (!this.early) this.line = undefined;
    this.output(recent);
    session.resize(this.columns, this.rows);
    session.attach({
      output: (text) => this.session === session && this.output(text),
      lineRequest: (request, typedAhead) => this.session === session && this.lineRequest(request, typedAhead),
      completion: (completion) => this.session === session && this.line?.completed(completion),
      ended: (status) => this.session === session && this.onSessionEnd(status),
    });
  }

  /** The session is over as far as the screen goes: its prompt disappears. */
  hide(): void {
    this.session = undefined;
    this.line?.erase();
    this.line = undefined;
  }

  /** A line of the lab's own, above the line that is being typed. */
  say(text: string): void {
    this.output(`${this.column > 0 && !this.line ? "\n" : ""}${text}\n`);
  }

  private output(text: string): void {
    if (text === "") return;
    this.line?.erase();
    this.raw(text.replace(/\r?\n/g, "\r\n"));
    this.column = columnAfter(this.column, text, this.columns);
    this.line?.drawAt(this.column);
  }

  private lineRequest(request: LineRequest | undefined, typedAhead: string): void {
    const { early } = this;
    if (early) {
      this.early = undefined;
      this.line?.erase();
      this.line = undefined;
    }
    if (!request) {
      this.line?.abandon();
      if (this.line) this.column = 0;
      this.line = undefined;
      return;
    }
    if (this.line?.request !== request) this.line = this.newLine(request);
    // What was typed while nobody read: the rest after a first line goes on to whoever reads next.
    this.apply(new KeyReader().read(typedAhead), false);
    if (early) this.apply(early);
  }

  private newLine(request: LineRequest): LinePrompt {
    const host = {
      columns: () => this.columns,
      write: (text: string) => this.raw(text),
      answer: (event: Parameters<Session["answer"]>[0]) => {
        if (event.type !== "complete") {
          this.line = undefined;
          this.column = 0;
        }
        this.session?.answer(event);
      },
    };
    return new LinePrompt(request, host, this.column);
  }

  private readonly onData = (chunk: Buffer): void => this.typed.feed(chunk);

  private apply(keys: readonly TypedKey[], hot = true): void {
    if (this.early && !this.overlay) {
      this.early.push(...keys);
      return;
    }
    let forJob = "";
    for (const typed of keys) {
      if (this.overlay) {
        this.overlay.key(typed);
        continue;
      }
      const key = this.withMeta(typed);
      if (hot && key.type === "key" && this.onHotKey(key.name)) continue;
      if (this.line && key.type === "key" && key.name === "escape" && this.line.takesMeta) this.meta = true;
      else if (this.line) this.line.key(key);
      else forJob += key.type === "paste" ? key.text.replace(/\n/g, "\r") : key.raw;
    }
    if (forJob !== "") this.session?.input(forJob);
  }

  /** ESC and then a key is Alt and that key, however slowly they are typed. */
  private withMeta(key: TypedKey): TypedKey {
    if (!this.meta) return key;
    this.meta = false;
    if (key.type === "text" && key.text.length === 1)
      return { ...key, type: "key", name: `alt-${key.text}` } as TypedKey;
    return key.type === "key" && key.name === "backspace" ? { ...key, name: "alt-backspace" } : key;
  }

  // ---- size

  private readonly onResize = (): void => (this.away ? undefined : this.resized());

  private resized(): void {
    this.status.lose();
    this.raiseStatus();
    this.column = Math.min(this.column, this.columns - 1);
    this.session?.resize(this.columns, this.rows);
    this.line?.resized();
  }
}
