import { type Micros, SECOND } from "../base/clock.ts";
import type { EditorQuestion, HttpsQuestion, LoginAnswer, LoginQuestion } from "../base/ports.ts";
import { runUntil } from "./batch.ts";
import { compilingLate } from "./compile-late.ts";
import type { EditorPort, Lab, Session, SessionOptions } from "./define.ts";
import { https, type LiveCall } from "./host-ports.ts";
import type { EditorEnd, Input } from "./input.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { LabError } from "./lab-error.ts";
import type { MadeWorld } from "./make-world.ts";
import { type HostClock, Pace, systemClock } from "./pace.ts";
import { pipedLogin, TerminalSession } from "./terminal-session.ts";
import { usualUser } from "./usual-world.ts";

/** How often a journal says how far time went, while nothing is typed. */
const HEARTBEAT: Micros = 10 * SECOND;

/** Where sessions begin, and how the worlds behind the hosts are made. */
export interface LabPlan {
  readonly start: Micros;
  /** The world that new sessions begin in, and its host. */
  readonly firstWorld: string;
  readonly firstHost: string;
  /** Makes a world as it is at a time; asked for when somebody first comes there. */
  make(world: string, at: Micros): Promise<MadeWorld>;
  /** The world of a host that is reached by a login from another world. */
  worldOf(host: string): string | undefined;
  readonly editor?: EditorPort;
  readonly journal?: Journal;
  readonly clock?: HostClock;
}

/**
 * Worlds with people in them. Those that somebody is logged in to run side by side up to the same time; the others
 * stand still and catch up when they are next touched.
 */
export class LiveLab implements Lab {
  now: Micros;
  readonly sessions: TerminalSession[] = [];
  /** While a journal is read, host calls wait for the answers in it. */
  protected replaying = false;
  protected readonly worlds = new Map<string, MadeWorld>();
  protected readonly plan: LabPlan;
  private readonly pace: Pace;
  private readonly waiting: Input[] = [];
  /** The worlds of logins without a terminal. */
  private readonly piped: string[] = [];
  /** The time at which inputs were last applied: the next ones come later, so that a journal's order is its time's. */
  private appliedAt: Micros | undefined;
  private writtenAt: Micros;
  private onFault: (error: unknown) => void = (error) => {
    throw error;
  };

  constructor(plan: LabPlan) {
    this.plan = plan;
    this.now = plan.start;
    this.writtenAt = plan.start;
    this.pace = new Pace(
      {
        now: () => this.now,
        nextEvent: () => this.nextEvent(),
        advance: (until, budget) => this.advance(until, budget),
        settled: () => this.settled(),
        applyWaiting: () => this.applyWaiting(),
        failed: (error) => this.onFault(error),
      },
      plan.clock ?? systemClock,
    );
  }

  // ---- for the screen's owner

  open(options: SessionOptions = {}): Session {
    const { columns = 80, rows = 24, host = this.plan.firstHost, user = usualUser } = options;
    const session = new TerminalSession(this.sessions.length, columns, rows, (input) => this.send(input));
    this.sessions.push(session);
    this.send({ do: "open", session: session.id, host, user, columns, rows });
    return session;
  }

  start(onFault: (error: unknown) => void): void {
    this.onFault = onFault;
    this.pace.start();
  }

  async stop(): Promise<void> {
    await this.pace.stop();
    this.send({ do: "wait" });
    await this.applyNow();
  }

  // ---- inputs

  protected send(input: Input): void {
    this.waiting.push(input);
    this.pace.hurry();
  }

  /** Applies what has come in, if time has gone on since the last inputs. False when it has not. */
  private async applyWaiting(): Promise<boolean> {
    if (this.waiting.length === 0) return true;
    if (this.appliedAt === this.now) return false;
    this.appliedAt = this.now;
    for (const input of this.waiting.splice(0)) {
      this.plan.journal?.write(this.now - this.plan.start, input);
      this.writtenAt = this.now;
      await this.apply(input);
    }
    return true;
  }

  /** Applies what has come in while time is stopped. */
  protected async applyNow(): Promise<void> {
    if (await this.applyWaiting()) return;
    await this.catchUp(this.now + 1);
    await this.applyWaiting();
  }

  /** Brings everything to where a journal ends. */
  async replay(entries: readonly JournalEntry[]): Promise<void> {
    this.replaying = true;
    for (const { at, input } of entries) {
      const time = this.plan.start + at;
      if (time > this.now) await this.catchUp(time);
      if (input.do === "open" && !this.sessions[input.session])
        this.sessions[input.session] = new TerminalSession(input.session, input.columns, input.rows, (next) =>
          this.send(next),
        );
      await this.apply(input);
    }
    this.appliedAt = this.now;
    this.writtenAt = this.now;
    this.replaying = false;
    for (const [name, { ports }] of this.worlds) for (const call of [...ports.open.values()]) this.pickUp(name, call);
  }

  protected async apply(input: Input): Promise<void> {
    if (input.do === "open") await this.openSession(input);
    else if ("session" in input) this.sessions[input.session]?.apply(input);
    else if (input.do === "answer") this.callOf(input)?.answer(input.answer as never);
    else if (input.do === "save") (this.callOf(input)?.ask as EditorQuestion | undefined)?.onWrite(input.text);
    else if (input.do === "enter") await this.enter(input.world, input.call);
  }

  private callOf({ world, call }: { world: string; call: number }): LiveCall | undefined {
    return this.worlds.get(world)?.ports.open.get(call);
  }

  private async openSession({ session, host, user }: Extract<Input, { do: "open" }>): Promise<void> {
    const { firstWorld } = this.plan;
    const made = await this.visit(firstWorld);
    const machine = made.world.machines.get(host);
    if (!machine)
      throw new LabError(`there is no host ${host}; there are ${[...made.world.machines.keys()].join(", ")}`);
    const opened = this.sessions[session];
    opened?.enter(firstWorld, machine, { user, command: undefined }, (status) => opened.end(status));
  }

  private async enter(world: string, number: number): Promise<void> {
    const call = this.callOf({ world, call: number });
    if (!call) return;
    const ask = call.ask as LoginQuestion;
    const there = this.plan.worldOf(ask.host);
    const made = there === undefined ? undefined : await this.visit(there);
    const machine = made?.world.machines.get(ask.host);
    const left = (answer: LoginAnswer) => {
      if (!this.replaying) this.send({ do: "answer", world, call: number, answer });
      else this.leftInReplay.set(`${world}/${number}`, answer);
    };
    if (!machine || there === undefined)
      left({ status: 255, stdout: "", stderr: `ssh: connect to host ${ask.host} port 22: No route to host\n` });
    else if (ask.terminal === undefined) {
      this.piped.push(there);
      pipedLogin(machine, ask, (answer) => {
        this.piped.splice(this.piped.indexOf(there), 1);
        left(answer);
      });
    }
    if (machine && there !== undefined && ask.terminal !== undefined) {
      const session = this.sessions.find((one) => one.has(ask.terminal));
      session?.enter(there, machine, ask, (status) => left({ status, stdout: "", stderr: "" }));
    }
  }

  /** Logins that ended while a journal was read; what the journal does not tell of happened after its end. */
  private readonly leftInReplay = new Map<string, LoginAnswer>();

  // ---- host calls

  /** Sets a world's live calls on their way. While a journal is read they wait for what it says. */
  protected connect(name: string, made: MadeWorld): MadeWorld {
    this.worlds.set(name, made);
    made.ports.onLive = (call) => {
      if (!this.replaying) this.begin(name, call);
    };
    for (const call of made.ports.open.values()) made.ports.onLive(call);
    return made;
  }

  private begin(world: string, call: LiveCall): void {
    const answer = (given: EditorEnd | LoginAnswer | Awaited<ReturnType<typeof https>>) =>
      this.send({ do: "answer", world, call: call.number, answer: given });
    if (call.port === "login") this.send({ do: "enter", world, call: call.number });
    else if (call.port === "https") void https(call.ask as HttpsQuestion).then(answer);
    else void this.edit(world, call).then(answer);
  }

  private async edit(world: string, call: LiveCall): Promise<EditorEnd> {
    const ask = call.ask as EditorQuestion;
    if (!this.plan.editor) return { status: 1, error: "no editor is started without a terminal" };
    const onWrite = (text: string) => this.send({ do: "save", world, call: call.number, text });
    const { status, text, error } = await this.plan.editor({ ...ask, onWrite });
    return { status, ...(text !== undefined && { text }), ...(error !== undefined && { error }) };
  }

  /** A call that was open when the journal ended: a login begins or has ended; an editor and a request are lost. */
  private pickUp(world: string, call: LiveCall): void {
    const left = this.leftInReplay.get(`${world}/${call.number}`);
    const inside = this.sessions.some(
      (session) => session.has((call.ask as LoginQuestion).terminal) && session.worlds.at(-1) !== world,
    );
    const number = { world, call: call.number };
    if (left) this.send({ do: "answer", ...number, answer: left });
    else if (call.port === "editor")
      this.send({ do: "answer", ...number, answer: { status: 1, error: "the editor was closed with the lab" } });
    else if (!inside) this.begin(world, call);
  }

  // ---- time

  /** A world as it is now. */
  protected async visit(name: string): Promise<MadeWorld> {
    const known = this.worlds.get(name);
    if (!known) return this.connect(name, await this.plan.make(name, this.now));
    await runUntil(known.world, known.ports, this.now);
    return known;
  }

  /** The worlds in which somebody is, in the order in which they were made. */
  private running(): readonly MadeWorld[] {
    const names = new Set([...this.sessions.flatMap((session) => session.worlds), ...this.piped]);
    return [...this.worlds]
      .filter(([name, { ports }]) => names.has(name) || ports.open.size > 0)
      .map(([, made]) => made);
  }

  private async catchUp(time: Micros): Promise<void> {
    for (const { world, ports } of this.running()) await runUntil(world, ports, time);
    this.now = Math.max(this.now, time);
  }

  private nextEvent(): Micros | undefined {
    let next: Micros | undefined;
    for (const { world } of this.running()) {
      const at = world.clock.next();
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  private advance(until: Micros, budget: number): "reached" | "budget" | "held" {
    for (const { world } of this.running()) {
      const end = compilingLate(() => world.clock.run(until, budget));
      if (end !== "reached") return end;
    }
    this.now = Math.max(this.now, until);
    if (this.plan.journal && this.now - this.writtenAt >= HEARTBEAT) this.waiting.push({ do: "wait" });
    return "reached";
  }

  private async settled(): Promise<void> {
    for (const { world, ports } of this.worlds.values()) if (world.clock.holds > 0) await ports.settled();
  }
}
