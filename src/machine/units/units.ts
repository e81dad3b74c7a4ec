import type { Task } from "../define.ts";
import type { Machine } from "../machine.ts";
import type { Process } from "../process.ts";
import { wantedBy } from "./enable.ts";
import { loadUnit, unitName } from "./load-unit.ts";
import { namesIn } from "./parse-unit.ts";
import { Unit } from "./unit.ts";

/** How a start or stop ended, as systemd's jobs do. */
export type JobResult = "done" | "failed" | "dependency" | "skipped";

/** The units of a host: systemd itself. */
export class Units {
  readonly machine: Machine;
  private readonly known = new Map<string, Unit>();
  /** Units that an active target wants: they stay in memory, so their files count only after daemon-reload. */
  private pinned: ReadonlySet<string> = new Set();

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /**
   * The unit of this name. What is not running and that no target wants is read from disk each time; all else stays as
   * it was read until daemon-reload.
   */
  get(asked: string): Unit {
    const name = unitName(asked);
    const unit = this.known.get(name);
    const idle = unit?.active === "inactive" && !this.pinned.has(name);
    if (unit && !idle) return unit;
    const definition = loadUnit(this.machine.files, name);
    if (unit) unit.definition = definition;
    const known = unit ?? this.known.get(definition.name) ?? new Unit(this.machine, definition);
    this.known.set(name, known);
    this.known.set(definition.name, known);
    return known;
  }

  /** Whether the files of a unit changed since they were read. */
  needsReload(unit: Unit): boolean {
    return loadUnit(this.machine.files, unit.name).stamp !== unit.definition.stamp;
  }

  /** systemctl daemon-reload. */
  daemonReload(): void {
    for (const [name, unit] of this.known) {
      unit.definition = loadUnit(this.machine.files, unit.name);
      const gone = unit.definition.load === "not-found" && unit.active === "inactive";
      if (gone) this.known.delete(name);
    }
    this.pin();
  }

  private pin(): void {
    const pinned = new Set<string>();
    for (const target of this.all().filter((unit) => unit.name.endsWith(".target") && unit.isActive))
      for (const name of this.wants(target)) {
        pinned.add(name);
        if (!this.known.has(name)) this.get(name);
      }
    this.pinned = pinned;
  }

  /** The units in memory, by name. */
  all(): readonly Unit[] {
    return [...new Set(this.known.values())].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private wants(unit: Unit): readonly string[] {
    const { settings } = unit.definition;
    const named = ["Wants", "Requires", "BindsTo"].flatMap((key) => namesIn(settings, "Unit", key));
    return [...named, ...wantedBy(this.machine.files, unit.name)].map(unitName);
  }

  /** Whether `unit` is started after `other`, where both are: it says so, or is a target that wants it. */
  private isAfter(unit: Unit, other: Unit, wants: readonly string[] = this.wants(unit)): boolean {
    if (unit === other) return false;
    if (isNamed(unit, "After", other.name) || isNamed(other, "Before", unit.name)) return true;
    if (!unit.name.endsWith(".target") || isNamed(other, "After", unit.name)) return false;
    return wants.includes(other.name);
  }

  /** A unit and all it pulls in, in the order in which they are to be started, each with those that it waits for. */
  private transaction(first: Unit): ReadonlyMap<Unit, readonly Unit[]> {
    const members = new Map<string, Unit>();
    const wanted = new Map<Unit, readonly string[]>();
    const add = (unit: Unit) => {
      if (members.has(unit.name)) return;
      members.set(unit.name, unit);
      const wants = this.wants(unit);
      wanted.set(unit, wants);
      for (const name of wants) {
        const other = this.get(name);
        if (other.definition.load === "loaded") add(other);
      }
    };
    add(first);
    const ordered = new Map<Unit, readonly Unit[]>();
    const visiting = new Set<Unit>();
    const visit = (unit: Unit) => {
      if (visiting.has(unit)) return;
      visiting.add(unit);
      const before = [...members.values()].filter((other) => this.isAfter(unit, other, wanted.get(unit)));
      for (const other of before) visit(other);
      // In a circle of units, one begins without those that wait for it.
      const waitsFor = before.filter((other) => ordered.has(other));
      ordered.set(unit, waitsFor);
    };
    for (const unit of members.values()) visit(unit);
    return ordered;
  }

  /** Starts a unit and what it pulls in, each when those before it are up; waits until the unit itself is. */
  *start(name: string): Task<JobResult> {
    const unit = this.get(name);
    const order = this.transaction(unit);
    const waiting = new Set(order.keys());
    while (waiting.size > 0) {
      for (const member of [...waiting]) {
        if (order.get(member)?.some((other) => waiting.has(other) || other.isChanging)) continue;
        waiting.delete(member);
        if (!this.lacksRequirement(member)) member.start();
        else if (member === unit) return "dependency";
      }
      if (waiting.size > 0)
        yield { on: [...order.keys()].filter((other) => other.isChanging).map((other) => other.changed) };
    }
    yield* settle(unit);
    if (unit.name.endsWith(".target")) this.pin();
    if (unit.skipped) return "skipped";
    return unit.result === "success" ? "done" : "failed";
  }

  /** Whether something that it requires is missing, or has failed before it. */
  private lacksRequirement(unit: Unit): boolean {
    const { settings } = unit.definition;
    const required = ["Requires", "BindsTo"]
      .flatMap((key) => namesIn(settings, "Unit", key))
      .map((name) => this.get(name));
    return required.some(
      (other) => other.definition.load !== "loaded" || (this.isAfter(unit, other) && other.result !== "success"),
    );
  }

  /** Stops a unit and what cannot be without it; waits until it has stopped. */
  *stop(name: string): Task<JobResult> {
    const unit = this.get(name);
    const dependants = this.all().filter((other) => other.isActive && this.needs(other, unit));
    for (const other of dependants) other.stop();
    unit.stop();
    for (const other of [...dependants, unit]) yield* settle(other);
    return "done";
  }

  private needs(unit: Unit, other: Unit): boolean {
    return ["Requires", "BindsTo", "PartOf"].some((key) =>
      namesIn(unit.definition.settings, "Unit", key).map(unitName).includes(other.name),
    );
  }

  *restart(name: string): Task<JobResult> {
    yield* this.stop(name);
    return yield* this.start(name);
  }

  /** Switches the host on: systemd becomes its process 1 and starts what multi-user.target wants. */
  boot(): void {
    const { machine } = this;
    if (machine.processes.has(1)) return;
    const units = this;
    machine.start({
      argv: ["/sbin/init"],
      pid: 1,
      group: "new",
      terminal: null,
      cgroup: "/init.scope",
      *body(proc: Process): Task<number> {
        yield* units.start("multi-user.target");
        for (;;) yield* proc.wait({ on: [proc.changed] });
      },
    });
  }
}

/** Whether a unit's file names another one under a key of its section Unit. */
function isNamed({ definition }: Unit, key: string, name: string): boolean {
  return namesIn(definition.settings, "Unit", key).some((named) => unitName(named) === name);
}

function* settle(unit: Unit): Task {
  while (unit.isChanging) yield { on: [unit.changed] };
}

/** The units of a host, from its first asking on. */
export function unitsOf(machine: Machine): Units {
  let units = machine.parts.get("units") as Units | undefined;
  if (!units) {
    units = new Units(machine);
    machine.parts.set("units", units);
  }
  return units;
}
