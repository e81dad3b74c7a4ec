import { MILLISECOND, type Micros, type Timer } from "../../base/clock.ts";
import { Errno, type Signal } from "../define.ts";
import { exitWords, isClean, type UnitExit } from "./exit-words.ts";
import { isYes, namesIn, seconds, settingsOf } from "./parse-unit.ts";
import { tooManyStarts, unmetCondition, wantsRestart } from "./start-policy.ts";
import { shortName, UnitRecord } from "./unit-record.ts";

/** DefaultTimeoutStopSec and DefaultRestartSec of systemd 252. */
const STOP_TIMEOUT = 90;
const RESTART_SEC = 0.1;
/** How long a service that says when it is ready (Type=notify) takes to say so. */
const NOTIFY_DELAY = 100 * MILLISECOND;
/** The settings whose commands must succeed for a start to go on. */
const startCommands: ReadonlySet<string> = new Set(["ExecStartPre", "ExecStart", "ExecStartPost"]);

/** The life of a service or target: started, stopped, failed, started again. */
export class Unit extends UnitRecord {
  private readonly starts: Micros[] = [];
  private timer: Timer | undefined;
  private stopping = false;
  private startAgain = false;

  /** Begins to start it; `changed` wakes as it goes on. */
  start(): void {
    if (this.isActive || (this.active === "activating" && this.sub !== "auto-restart")) return;
    if (this.active === "deactivating") {
      this.startAgain = true;
      return;
    }
    this.timer?.cancel();
    this.begin();
  }

  private begin(): void {
    const { settings } = this.definition;
    const now = this.machine.kernel.clock.now;
    const condition = unmetCondition(this.machine.files, settings);
    this.skipped = condition === undefined ? undefined : { at: now, condition };
    if (condition !== undefined) {
      this.say(`${this.title} was skipped because of an unmet condition check (${condition}).`);
      this.enter("inactive", "dead");
    } else if (!this.isService) this.reach();
    else if (tooManyStarts(settings, this.starts, now)) {
      this.say(`${this.name}: Start request repeated too quickly.`, 4);
      this.enterDead("start-limit-hit", false);
      this.say(`Failed to start ${this.title}.`, 3);
    } else this.startService();
  }

  private reach(): void {
    const isTarget = this.name.endsWith(".target");
    this.enter("active", isTarget ? "active" : "exited");
    if (isTarget) this.say(`Reached target ${this.title}.`);
  }

  private startService(): void {
    this.result = "success";
    this.commands = [];
    this.mainPid = undefined;
    this.mainExit = undefined;
    this.stopping = false;
    if (!["simple", "exec", "idle"].includes(this.type)) this.say(`Starting ${this.title}...`);
    this.enter("activating", "start-pre");
    this.runAll("ExecStartPre", () => this.startMain());
  }

  private startMain(): void {
    if (this.type === "oneshot") {
      this.enter("activating", "start");
      this.runAll("ExecStart", () => this.finishOneshot());
      return;
    }
    const [line = ""] = settingsOf(this.definition.settings, "Service", "ExecStart");
    if (!this.trySpawn("ExecStart", line, (exit) => this.mainEnded(exit))) return;
    if (["notify", "forking", "dbus"].includes(this.type)) {
      this.enter("activating", "start");
      const { clock } = this.machine.kernel;
      this.timer = clock.at(clock.now + NOTIFY_DELAY, () => this.started());
    } else this.started();
  }

  private finishOneshot(): void {
    if (isYes(this.service("RemainAfterExit"))) this.enter("active", "exited");
    else this.enterDead("success");
    this.say(`Finished ${this.title}.`);
  }

  private started(): void {
    this.enter("active", "running");
    this.say(`Started ${this.title}.`);
    this.runAll("ExecStartPost", () => {});
  }

  private mainEnded(exit: UnitExit): void {
    this.timer?.cancel();
    const clean = isClean(exit, namesIn(this.definition.settings, "Service", "SuccessExitStatus"));
    if (!clean) this.say(`${this.name}: Main process exited, ${exitWords(exit)}`, 5);
    const result = clean ? "success" : exit.code === "exited" ? "exit-code" : "signal";
    if (this.active === "deactivating") {
      if (this.result === "success") this.result = result;
      this.whenEmpty();
      return;
    }
    const wasStarting = this.active === "activating";
    for (const proc of this.processes) proc.signal("TERM");
    this.enterDead(result);
    if (wasStarting && !clean) this.say(`Failed to start ${this.title}.`, 3);
  }

  /** It has ended: inactive or failed, or about to be started again. */
  private enterDead(result: string, mayRestart = true): void {
    this.timer?.cancel();
    if (this.result === "success") this.result = result;
    const failed = this.result !== "success";
    if (failed) this.say(`${this.name}: Failed with result '${this.result}'.`, 4);
    else this.say(`${this.name}: Deactivated successfully.`);
    this.rest();
    const prevented = namesIn(this.definition.settings, "Service", "RestartPreventExitStatus");
    if (!mayRestart || this.stopping || prevented.includes(String(this.mainExit?.status))) return;
    if (wantsRestart(this.definition.settings, this.result)) this.restartLater();
  }

  private rest(): void {
    if (this.result === "success") this.enter("inactive", "dead");
    else this.enter("failed", "failed");
  }

  private restartLater(): void {
    this.enter("activating", "auto-restart");
    this.timer = this.machine.kernel.clock.after(seconds(this.service("RestartSec")) ?? RESTART_SEC, () => {
      this.restarts++;
      this.say(`${this.name}: Scheduled restart job, restart counter is at ${this.restarts}.`);
      this.say(`Stopped ${this.title}.`);
      this.begin();
    });
  }

  /** Begins to stop it. */
  stop(): void {
    this.startAgain = false;
    this.restarts = 0;
    if (["inactive", "failed", "deactivating"].includes(this.active)) return;
    this.timer?.cancel();
    this.stopping = true;
    if (!this.isService) {
      this.enter("inactive", "dead");
      this.say(`Stopped ${this.name.endsWith(".target") ? "target " : ""}${this.title}.`);
    } else if (this.sub === "auto-restart") {
      this.rest();
      this.say(`Stopped ${this.title}.`);
    } else {
      this.say(`Stopping ${this.title}...`);
      this.enter("deactivating", "stop");
      this.runAll("ExecStop", () => this.terminate());
    }
  }

  /** Stops it if it runs, then starts it. */
  restart(): void {
    this.stop();
    this.start();
  }

  private terminate(): void {
    const signal = (this.service("KillSignal") ?? "SIGTERM").replace(/^SIG/, "") as Signal;
    this.enter("deactivating", "stop-sigterm");
    const timeout = seconds(this.service("TimeoutStopSec") ?? this.service("TimeoutSec")) ?? STOP_TIMEOUT;
    if (Number.isFinite(timeout)) this.timer = this.machine.kernel.clock.after(timeout, () => this.kill());
    for (const proc of this.toKill) proc.signal(signal);
    this.whenEmpty();
  }

  private get toKill() {
    return this.service("KillMode") === "process" ? (this.main ? [this.main] : []) : this.processes;
  }

  private kill(): void {
    this.say(`${this.name}: State 'stop-sigterm' timed out. Killing.`, 4);
    this.result = "timeout";
    this.enter("deactivating", "stop-sigkill");
    for (const proc of this.toKill) {
      this.say(`${this.name}: Killing process ${proc.pid} (${shortName(proc)}) with signal SIGKILL.`, 5);
      proc.signal("KILL");
    }
    this.whenEmpty();
  }

  private whenEmpty(): void {
    if (this.active !== "deactivating" || !this.sub.startsWith("stop-sig") || this.main) return;
    const [next] = this.toKill;
    if (next) {
      next.changed.add(() => this.whenEmpty());
      return;
    }
    this.enterDead("success");
    this.say(`Stopped ${this.title}.`);
    if (this.startAgain) this.begin();
    this.startAgain = false;
  }

  /** Runs ExecReload=; false when the unit has none. */
  reload(): boolean {
    if (settingsOf(this.definition.settings, "Service", "ExecReload").length === 0) return false;
    this.say(`Reloading ${this.title}...`);
    this.enter("reloading", "reload");
    this.runAll("ExecReload", () => {
      this.enter("active", "running");
      this.say(`Reloaded ${this.title}.`);
    });
    return true;
  }

  /** systemctl reset-failed. */
  resetFailed(): void {
    this.starts.length = 0;
    this.restarts = 0;
    this.result = "success";
    if (this.active === "failed") this.enter("inactive", "dead");
  }

  /** Runs the commands of a setting one after the other, then `next`. */
  private runAll(key: string, next: () => void, from = 0): void {
    const line = settingsOf(this.definition.settings, "Service", key)[from];
    if (line === undefined) {
      next();
      return;
    }
    this.trySpawn(key, line, (exit, ignoresFailure) => {
      if (this.active === "deactivating" && key !== "ExecStop") this.whenEmpty();
      else if (isClean(exit, []) || ignoresFailure) this.runAll(key, next, from + 1);
      else this.commandFailed(key, exit, next);
    });
  }

  private commandFailed(key: string, exit: UnitExit, next: () => void): void {
    this.say(`${this.name}: ${key === "ExecStart" ? "Main" : "Control"} process exited, ${exitWords(exit)}`, 5);
    if (!startCommands.has(key)) {
      next();
      return;
    }
    for (const proc of this.processes) proc.signal("TERM");
    this.enterDead(exit.code === "exited" ? "exit-code" : "signal");
    this.say(`Failed to start ${this.title}.`, 3);
  }

  private trySpawn(key: string, line: string, ended: (exit: UnitExit, ignoresFailure: boolean) => void): boolean {
    try {
      this.spawn(key, line, ended);
      return true;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.say(`${this.name}: Failed to load environment files: ${error.message}`, 4);
      this.say(`${this.name}: Failed to run 'start' task: ${error.message}`, 4);
      this.enterDead("resources");
      this.say(`Failed to start ${this.title}.`, 3);
      return false;
    }
  }
}
