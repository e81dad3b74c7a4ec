import type { LoginAnswer, LoginQuestion } from "../base/ports.ts";
import type { Machine } from "../machine/machine.ts";
import type { Process } from "../machine/process.ts";
import { type Completion, type LineEvent, type LineRequest, Terminal } from "../machine/terminal.ts";
import { textReader, textWriter } from "../machine/text-files.ts";
import type { Screen, Session } from "./define.ts";
import type { Input } from "./input.ts";
import { login } from "./login.ts";

/** How much of what was last shown is kept for a screen that comes late. */
const RECENT = 16_000;

/** A login in one world: its terminal and its shell. */
interface Level {
  readonly host: string;
  readonly world: string;
  readonly terminal: Terminal;
  readonly shell: Process;
}

/**
 * A session of the lab: a login, and above it logins to hosts of other worlds, each with a terminal of its own, because
 * worlds share nothing. Keys go to the topmost.
 */
export class TerminalSession implements Session {
  readonly id: number;
  ended = false;
  recent = "";
  columns: number;
  rows: number;
  request: LineRequest | undefined;
  private typedAhead = "";
  private status = 0;
  private screen: Screen | undefined;
  private readonly levels: Level[] = [];
  private readonly send: (input: Input) => void;

  constructor(id: number, columns: number, rows: number, send: (input: Input) => void) {
    this.id = id;
    this.columns = columns;
    this.rows = rows;
    this.send = send;
  }

  // ---- for the screen's owner

  get host(): string {
    return this.top?.host ?? "";
  }

  get mode(): "cooked" | "raw" {
    return this.top?.terminal.mode ?? "cooked";
  }

  get atLineStart(): boolean {
    return this.top?.terminal.atLineStart ?? true;
  }

  attach(screen: Screen): void {
    this.screen = screen;
    if (this.ended) screen.ended(this.status);
    else if (this.request) screen.lineRequest(this.request, this.typedAhead);
  }

  input(text: string): void {
    if (text !== "") this.send({ do: "keys", session: this.id, text });
  }

  answer(event: LineEvent): void {
    this.send({ do: "line", session: this.id, event });
  }

  resize(columns: number, rows: number): void {
    this.send({ do: "resize", session: this.id, columns, rows });
  }

  hangUp(): void {
    this.send({ do: "hang-up", session: this.id });
  }

  // ---- for the lab, at the moment of an input

  private get top(): Level | undefined {
    return this.levels.at(-1);
  }

  /** The worlds that this session is in. */
  get worlds(): readonly string[] {
    return this.levels.map((level) => level.world);
  }

  has(terminal: object | undefined): boolean {
    return this.levels.some((level) => level.terminal === terminal);
  }

  /** Logs in on a host; `left` is told when that shell has ended and the level below has the keys again. */
  enter(
    world: string,
    machine: Machine,
    { user, command }: Pick<LoginQuestion, "user" | "command">,
    left: (status: number) => void,
  ): void {
    const terminal = new Terminal();
    terminal.columns = this.columns;
    terminal.rows = this.rows;
    terminal.onOutput = (text) => this.show(text);
    terminal.onLineRequest = (request) => this.ask(terminal, request);
    terminal.onCompletion = (completion: Completion) => this.screen?.completion(completion);
    const argv = command === undefined ? ["-bash"] : ["bash", "-c", command];
    if (this.request) this.pass(undefined, "");
    this.handOn(this.top?.terminal, terminal);
    const shell = login(machine, { user, argv, terminal });
    this.levels.push({ host: machine.name, world, terminal, shell });
    shell.onEnd = () => {
      const at = this.levels.findIndex((level) => level.terminal === terminal);
      if (at >= 0) this.levels.splice(at);
      this.pass(this.top?.terminal.request, "");
      this.handOn(terminal, this.top?.terminal);
      left(shell.status);
    };
  }

  /** The lowest shell is gone. */
  end(status: number): void {
    if (this.ended) return;
    this.ended = true;
    this.status = status;
    this.request = undefined;
    this.screen?.ended(status);
  }

  private show(text: string): void {
    this.keep(text);
    this.screen?.output(text);
  }

  private keep(text: string): void {
    this.recent += text;
    if (this.recent.length > 2 * RECENT)
      this.recent = this.recent.slice(this.recent.indexOf("\n", this.recent.length - RECENT) + 1);
  }

  /** What the line editor, which stands outside the world, leaves on the screen with its answer. */
  private keepEdited({ prompt }: LineRequest, event: LineEvent): void {
    if (event.type === "line") this.keep(`${prompt}${event.text}\n`);
    else if (event.type === "interrupt") this.keep(`${prompt}^C\n`);
    else if (event.type === "end") this.keep(`${prompt}\n`);
  }

  private ask(terminal: Terminal, request: LineRequest | undefined): void {
    if (terminal === this.top?.terminal || !this.top) this.pass(request, request ? terminal.takeTypeAhead() : "");
  }

  private pass(request: LineRequest | undefined, typedAhead: string): void {
    if (this.request === undefined && request === undefined) return;
    this.request = request;
    this.typedAhead = typedAhead;
    this.screen?.lineRequest(request, typedAhead);
  }

  /** Keys that were sent before their sender knew of the line request belong to that line. */
  private keys(terminal: Terminal, text: string): void {
    if (!terminal.request) terminal.input(text);
    else {
      this.typedAhead += text;
      this.screen?.lineRequest(terminal.request, text);
    }
  }

  /** What was typed ahead for one terminal and never read is for the next; it was echoed already. */
  private handOn(from: Terminal | undefined, to: Terminal | undefined): void {
    const text = from?.takeTypeAhead() ?? "";
    if (!to || text === "") return;
    const { echo } = to;
    to.echo = false;
    this.keys(to, text);
    to.echo = echo;
  }

  apply(input: Extract<Input, { session: number }>): void {
    const top = this.top;
    if (!top) return;
    if (input.do === "keys") this.keys(top.terminal, input.text);
    else if (input.do === "line") {
      // What was answered to a request that is no longer there is lost, as it is on a real terminal.
      if (!top.terminal.request) return;
      this.keepEdited(top.terminal.request, input.event);
      if (input.event.type !== "complete") this.request = undefined;
      top.terminal.answer(input.event);
    } else if (input.do === "resize") {
      this.columns = input.columns;
      this.rows = input.rows;
      for (const { terminal } of this.levels) terminal.resize(input.columns, input.rows);
    } else for (const { terminal } of this.levels.toReversed()) terminal.hangUp();
  }

  /** A world is thrown away: what ran in it is gone. */
  dropWorld(world: string): readonly Terminal[] {
    const at = this.levels.findIndex((level) => level.world === world);
    if (at < 0) return [];
    const gone = this.levels.splice(at);
    for (const { shell } of gone) shell.onEnd = undefined;
    this.pass(this.top?.terminal.request, "");
    return gone.map((level) => level.terminal);
  }
}

/** A login without a terminal: its stdin as text, its output collected. */
export function pipedLogin(machine: Machine, ask: LoginQuestion, done: (answer: LoginAnswer) => void): void {
  let stdout = "";
  let stderr = "";
  const fds = new Map([
    [0, textReader(ask.stdin)],
    [1, textWriter((text) => (stdout += text))],
    [2, textWriter((text) => (stderr += text))],
  ]);
  const argv = ask.command === undefined ? ["-bash"] : ["bash", "-c", ask.command];
  const shell = login(machine, { user: ask.user, argv, fds });
  shell.onEnd = () => done({ status: shell.status, stdout, stderr });
}
