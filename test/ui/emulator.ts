import { EventEmitter } from "node:events";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import type { TerminalInput, TerminalOutput } from "../../src/ui/terminal-streams.ts";

/** A terminal emulator whose screen tests look at. */
export class Emulator {
  readonly xterm: InstanceType<typeof xterm.Terminal>;
  title = "";

  constructor(columns = 80, rows = 24) {
    this.xterm = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    this.xterm.onTitleChange((title) => {
      this.title = title;
    });
  }

  /** What is on the screen, row by row. */
  get rows(): string[] {
    const { active } = this.xterm.buffer;
    return this.lines(active.baseY, active.baseY + this.xterm.rows);
  }

  /** The screen and what scrolled off it. */
  get history(): string[] {
    return this.lines(0, this.xterm.buffer.active.length);
  }

  private lines(from: number, to: number): string[] {
    const { active } = this.xterm.buffer;
    const lines: string[] = [];
    for (let i = from; i < to; i++) lines.push(active.getLine(i)?.translateToString(true).trimEnd() ?? "");
    return lines;
  }

  /** The screen without the blank rows at its end. */
  get text(): string {
    return this.rows.join("\n").trimEnd();
  }

  get cursor(): [row: number, column: number] {
    const { active } = this.xterm.buffer;
    return [active.cursorY, active.cursorX];
  }

  get onAlternateScreen(): boolean {
    return this.xterm.buffer.active.type === "alternate";
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => this.xterm.write(text, resolve));
  }

  /** Waits until the screen is as wanted; says what it shows where that never happens. */
  async until(what: RegExp | ((emulator: Emulator) => boolean), seconds = 20): Promise<void> {
    const met = () => (typeof what === "function" ? what(this) : what.test(this.text));
    const deadline = performance.now() + seconds * 1000;
    while (!met()) {
      if (performance.now() > deadline)
        throw new Error(`never came: ${what}\n${this.rows.map((row) => `|${row}`).join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.write("");
    }
  }
}

/** Streams for the terminal's owner, tied to an emulator. */
export class Seat {
  readonly emulator: Emulator;
  readonly stdin: TerminalInput & EventEmitter & { raw: boolean };
  readonly stdout: TerminalOutput & EventEmitter;
  readonly env: NodeJS.ProcessEnv = { TERM: "xterm-256color" };
  written = "";

  constructor(columns = 80, rows = 24) {
    const emulator = new Emulator(columns, rows);
    this.emulator = emulator;
    const stdin = Object.assign(new EventEmitter(), {
      isTTY: true,
      raw: false,
      setRawMode(raw: boolean) {
        stdin.raw = raw;
      },
      pause: () => stdin,
      resume: () => stdin,
    });
    this.stdin = stdin as unknown as Seat["stdin"];
    const write = (text: string): boolean => {
      this.written += text;
      // A raw terminal leaves NL to NL CR on.
      emulator.xterm.write(text.replace(/(?<!\r)\n/g, "\r\n"));
      return true;
    };
    this.stdout = Object.assign(new EventEmitter(), {
      isTTY: true,
      get columns() {
        return emulator.xterm.cols;
      },
      get rows() {
        return emulator.xterm.rows;
      },
      write,
    }) as unknown as Seat["stdout"];
    Object.defineProperties(this.stdout, {
      columns: { get: () => emulator.xterm.cols },
      rows: { get: () => emulator.xterm.rows },
    });
  }

  type(keys: string): void {
    this.stdin.emit("data", Buffer.from(keys));
  }

  resize(columns: number, rows: number): void {
    this.emulator.xterm.resize(columns, rows);
    this.stdout.emit("resize");
  }
}

/** A real program in a pseudo terminal. */
export class RunningProgram {
  readonly emulator: Emulator;
  readonly pty: IPty;
  exitCode: number | undefined;

  constructor(file: string, args: string[], env: Record<string, string>, columns = 90, rows = 24) {
    this.emulator = new Emulator(columns, rows);
    this.pty = spawn(file, args, {
      name: env.TERM ?? "xterm-256color",
      cols: columns,
      rows,
      cwd: env.HOME ?? "/",
      env,
    });
    this.pty.onData((data) => this.emulator.xterm.write(data));
    // What the emulator answers to queries goes back, as from a real one.
    this.emulator.xterm.onData((data) => this.pty.write(data));
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
  }

  type(keys: string): void {
    this.pty.write(keys);
  }

  until(what: RegExp | ((emulator: Emulator) => boolean), seconds?: number): Promise<void> {
    return this.emulator.until(what, seconds);
  }

  async ended(): Promise<number> {
    await this.until(() => this.exitCode !== undefined);
    return this.exitCode ?? -1;
  }
}
