import type { Micros } from "../../base/clock.ts";
import { WaitQueue } from "../../base/wait-queue.ts";
import { journalOf } from "../journal.ts";

import type { Machine } from "../machine.ts";
import type { Process } from "../process.ts";
import { exitOf, type UnitExit } from "./exit-words.ts";
import type { UnitDefinition } from "./load-unit.ts";
import { setting } from "./parse-unit.ts";
import { spawnCommand } from "./spawn-command.ts";

export type ActiveState = "active" | "reloading" | "inactive" | "failed" | "activating" | "deactivating";

/** A command that was run for the unit, as status shows it. */
export interface RanCommand {
  readonly key: string;
  readonly line: string;
  readonly pid: number;
  exit: UnitExit | undefined;
}

/** What systemd keeps of a unit: its definition as it was read, its state, and the commands it ran. */
export abstract class UnitRecord {
  readonly machine: Machine;
  definition: UnitDefinition;
  active: ActiveState = "inactive";
  sub = "dead";
  result = "success";
  main: Process | undefined;
  mainPid: number | undefined;
  mainExit: UnitExit | undefined;
  commands: RanCommand[] = [];
  /** NRestarts. */
  restarts = 0;
  /** When the active state last changed. */
  since: Micros | undefined;
  activeSince: Micros | undefined;
  /** Why it was not started: an unmet condition. */
  skipped: { readonly at: Micros; readonly condition: string } | undefined;
  readonly changed = new WaitQueue();

  constructor(machine: Machine, definition: UnitDefinition) {
    this.machine = machine;
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  get description(): string {
    return setting(this.definition.settings, "Unit", "Description") ?? this.name;
  }

  /** As systemd names it in the journal: "kubelet.service - kubelet: The Kubernetes Node Agent". */
  get title(): string {
    return this.description === this.name ? this.name : `${this.name} - ${this.description}`;
  }

  get isActive(): boolean {
    return this.active === "active" || this.active === "reloading";
  }

  /** Whether a start or stop is under way. */
  get isChanging(): boolean {
    return this.active === "deactivating" || (this.active === "activating" && this.sub !== "auto-restart");
  }

  get processes(): readonly Process[] {
    return [...this.machine.processes.values()].filter((proc) => proc.cgroup === `/system.slice/${this.name}`);
  }

  get isService(): boolean {
    return this.name.endsWith(".service");
  }

  protected service(key: string): string | undefined {
    return setting(this.definition.settings, "Service", key);
  }

  protected get type(): string {
    return this.service("Type") ?? "simple";
  }

  /** Starts a command of the unit; `ended` hears how it ended. Errno when it cannot even be tried. */
  protected spawn(key: string, line: string, ended: (exit: UnitExit, ignoresFailure: boolean) => void): void {
    const { name, settings } = this.definition;
    const { proc, line: shown, ignoresFailure } = spawnCommand(this.machine, name, settings, line, this.mainPid);
    const ran: RanCommand = { key, line: shown, pid: proc.pid, exit: undefined };
    this.commands.push(ran);
    if (key === "ExecStart") {
      this.main = proc;
      this.mainPid = proc.pid;
    }
    proc.onEnd = () => {
      const exit = exitOf(proc.status, proc.signalled);
      ran.exit = exit;
      if (this.main === proc) {
        this.main = undefined;
        this.mainExit = exit;
      }
      ended(exit, ignoresFailure);
    };
  }

  protected enter(active: ActiveState, sub: string): void {
    const at = this.machine.kernel.clock.now;
    if (active !== this.active) {
      this.since = at;
      if (active === "active" && this.active !== "reloading") this.activeSince = at;
    }
    this.active = active;
    this.sub = sub;
    this.changed.wake();
  }

  protected say(message: string, priority = 6): void {
    journalOf(this.machine).add({ unit: this.name, identifier: "systemd", pid: 1, priority, message });
  }
}

/** The name that ps shows without its path. */
export function shortName(proc: Process): string {
  const first = proc.argv[0] ?? "";
  return first.slice(first.lastIndexOf("/") + 1).slice(0, 15);
}
