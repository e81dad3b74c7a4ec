import type { Lab } from "../lab/define.ts";
import type { TerminalOwner } from "./terminal-owner.ts";

/** How often time is looked at, in milliseconds. */
const TICK = 500;
/** How long a notice stands in the status row, in seconds. */
const NOTICE = 8;

/** What a hot key does; the name of a further key is done next. */
export type Action = () => Promise<string | undefined> | string | undefined;

/** What is done at a desk. */
export interface DeskPlan {
  /** By function key. */
  readonly keys: Readonly<Record<string, Action>>;
  /** Other names of the function keys, for terminals that keep those for themselves. */
  readonly also: Readonly<Record<string, string>>;
  /** The keys, said once above the first prompt. */
  readonly help: string;
  /** The status row: what is left out first when there is no room is `keys`. */
  status(): { readonly left: string; readonly keys: string; readonly right: string };
  tick(): void;
  /** What is said when the last shell was left; a new one follows. */
  readonly reopened: string;
}

/** A candidate at work: a session on the screen, hot keys that open one screen at a time, and the clock. */
export class Desk<T> {
  private readonly owner: TerminalOwner;
  private readonly lab: Lab;
  private readonly plan: DeskPlan;
  private action: Promise<void> | undefined;
  private notice: { text: string; until: number } | undefined;
  private readonly over: Promise<T>;
  private resolve: (value: T) => void = () => {};
  private reject: (error: unknown) => void = () => {};
  private ended = false;

  constructor(owner: TerminalOwner, lab: Lab, plan: DeskPlan) {
    this.owner = owner;
    this.lab = lab;
    this.plan = plan;
    this.over = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Lets time run until somebody says `end`; `first` is the hot key that the desk begins with. */
  async sit(first?: string): Promise<T> {
    const { owner, lab } = this;
    owner.onHotKey = (name) => this.hotKey(name);
    owner.onSessionEnd = () => this.reopen();
    owner.say(this.plan.help);
    const open = lab.sessions.findLast((session) => !session.ended);
    if (open) owner.show(open, open.recent);
    else this.open();
    lab.start((error) => this.reject(error));
    const timer = setInterval(() => this.tick(), TICK);
    this.tick();
    if (first) this.do(first);
    try {
      const value = await this.over;
      await this.action;
      owner.hide();
      return value;
    } catch (error) {
      // Time must not go on; what the stopping itself meets is the same fault again.
      await lab.stop().catch(() => {});
      throw error;
    } finally {
      clearInterval(timer);
      owner.onHotKey = () => false;
    }
  }

  /** The work is over: whatever has the screen is closed. */
  end(value: T): void {
    if (this.ended) return;
    this.ended = true;
    this.resolve(value);
    this.owner.turns.interrupt();
  }

  /** Shows a short text in the status row for a while; without one, above the prompt. */
  tell(text: string): void {
    this.notice = { text, until: performance.now() + NOTICE * 1000 };
    if (!this.owner.hasStatusRow) this.owner.say(text);
    this.tick();
  }

  /** The name under which a key is in the plan. */
  keyNamed(name: string): string | undefined {
    const known = this.plan.also[name] ?? name;
    return this.plan.keys[known] ? known : undefined;
  }

  /** What comes after a screen that a key left: nothing where it is the screen's own key. */
  onward(key: string | undefined, own: string): string | undefined {
    const known = key === undefined ? undefined : this.keyNamed(key);
    return known === own ? undefined : known;
  }

  private hotKey(name: string): boolean {
    const known = this.keyNamed(name);
    if (known === undefined) return false;
    if (!this.action && !this.ended) this.do(known);
    return true;
  }

  private do(key: string): void {
    const run = async () => {
      for (let next: string | undefined = key; next !== undefined && !this.ended; )
        next = await this.plan.keys[next]?.();
    };
    this.action = run()
      .catch((error: unknown) => this.reject(error))
      .finally(() => {
        this.action = undefined;
        this.tick();
      });
  }

  private open(): void {
    const { columns, rows } = this.owner;
    this.owner.show(this.lab.open({ columns, rows }));
  }

  private reopen(): void {
    if (this.ended) return;
    this.owner.say(this.plan.reopened);
    this.open();
  }

  private tick(): void {
    if (this.ended) return;
    this.plan.tick();
    const { left, keys, right } = this.plan.status();
    const now = this.notice && performance.now() < this.notice.until ? this.notice.text : left;
    const wide = ` ${now}   ${keys}   ${right} `;
    this.owner.setStatus(wide.length <= this.owner.columns ? ` ${now}\t${keys}   ${right} ` : ` ${now}\t${right} `);
    if (!this.owner.hasStatusRow) this.owner.setTitle(right === "" ? left : `${right}  ${left}`);
  }
}
