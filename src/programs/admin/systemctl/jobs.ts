import type { Task } from "../../../machine/define.ts";
import { signalNamed } from "../../../machine/signalling.ts";
import { unitName } from "../../../machine/units/load-unit.ts";
import type { Unit } from "../../../machine/units/unit.ts";
import type { JobResult } from "../../../machine/units/units.ts";
import { complain, type Systemctl, type Verb, warnIfChanged } from "./define.ts";

/** Why a start failed, as systemctl puts a unit's result. */
const because: Readonly<Record<string, string>> = {
  "exit-code": "the control process exited with error code",
  signal: "a fatal signal was delivered to the control process",
  resources: "of unavailable resources or another system error",
  timeout: "a timeout was exceeded",
  "start-limit-hit": "start of the service was attempted too often",
};

function* each(call: Systemctl, act: (unit: Unit) => Task<number>): Task<number> {
  let status = 0;
  for (const name of call.operands) {
    const unit = call.units.get(name);
    yield* warnIfChanged(call, unit);
    status = (yield* act(unit)) || status;
  }
  return status;
}

/** Why a unit cannot be started at all. */
function* refusal(call: Systemctl, verb: string, unit: Unit, asked: string): Task<number | undefined> {
  const { load } = unit.definition;
  const fail = (why: string, status: number) =>
    complain(call, `Failed to ${verb} ${asked}: Unit ${asked} ${why}`, status);
  if (load === "not-found") return yield* fail("not found.", 5);
  if (load === "masked") return yield* fail("is masked.", 1);
  if (load === "bad-setting")
    return yield* complain(
      call,
      `Failed to ${verb} ${asked}: Unit ${asked} has a bad unit file setting.\nSee system logs and 'systemctl status ${asked}' for details.`,
    );
  return undefined;
}

function* report(call: Systemctl, unit: Unit, job: JobResult): Task<number> {
  if (job === "done" || job === "skipped") return 0;
  if (job === "dependency")
    return yield* complain(call, `A dependency job for ${unit.name} failed. See 'journalctl -xe' for details.`);
  const see = `See "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.`;
  const again =
    unit.result === "start-limit-hit"
      ? `\nTo force a start use "systemctl reset-failed ${unit.name}"\nfollowed by "systemctl start ${unit.name}" again.`
      : "";
  return yield* complain(
    call,
    `Job for ${unit.name} failed because ${because[unit.result] ?? unit.result}.\n${see}${again}`,
  );
}

function starting(verb: string, act: (call: Systemctl, unit: Unit) => Task<JobResult>): Verb {
  return {
    atLeast: 1,
    needsRoot: `Failed to ${verb} %s: Interactive authentication required.\nSee system logs and 'systemctl status %s' for details.`,
    run: (call) =>
      each(call, function* (unit) {
        const refused = yield* refusal(call, verb, unit, unitName(unit.name));
        if (refused !== undefined) return refused;
        return yield* report(call, unit, yield* act(call, unit));
      }),
  };
}

function* reload(unit: Unit): Task<JobResult | undefined> {
  if (!unit.isActive || !unit.reload()) return undefined;
  while (unit.active === "reloading") yield { on: [unit.changed] };
  return "done";
}

/** The verbs that make systemd do something to units. */
export const jobVerbs: Readonly<Record<string, Verb>> = {
  start: starting("start", (call, unit) => call.units.start(unit.name)),
  restart: starting("restart", (call, unit) => call.units.restart(unit.name)),
  "try-restart": starting("try-restart", function* (call, unit) {
    return unit.isActive ? yield* call.units.restart(unit.name) : "done";
  }),
  "reload-or-restart": starting("reload-or-restart", function* (call, unit) {
    return (yield* reload(unit)) ?? (yield* call.units.restart(unit.name));
  }),
  reload: {
    atLeast: 1,
    needsRoot:
      "Failed to reload %s: Interactive authentication required.\nSee system logs and 'systemctl status %s' for details.",
    run: (call) =>
      each(call, function* (unit) {
        const refused = yield* refusal(call, "reload", unit, unit.name);
        if (refused !== undefined) return refused;
        const { settings } = unit.definition;
        if (!settings.get("Service")?.get("ExecReload")?.length)
          return yield* complain(
            call,
            `Failed to reload ${unit.name}: Job type reload is not applicable for unit ${unit.name}.\nSee system logs and 'systemctl status ${unit.name}' for details.`,
          );
        if (!unit.isActive) return yield* complain(call, `${unit.name} is not active, cannot reload.`);
        yield* reload(unit);
        return 0;
      }),
  },
  stop: {
    atLeast: 1,
    needsRoot:
      "Failed to stop %s: Interactive authentication required.\nSee system logs and 'systemctl status %s' for details.",
    run: (call) =>
      each(call, function* (unit) {
        if (unit.definition.load === "not-found" && unit.active === "inactive")
          return yield* complain(call, `Failed to stop ${unit.name}: Unit ${unit.name} not loaded.`, 5);
        yield* call.units.stop(unit.name);
        return 0;
      }),
  },
  kill: {
    atLeast: 1,
    needsRoot: "Failed to kill unit %s: Interactive authentication required.",
    run: (call) =>
      each(call, function* (unit) {
        const signal = signalNamed(call.options.get("s") ?? "TERM");
        if (signal === undefined || signal === 0)
          return yield* complain(call, `Failed to parse signal string ${call.options.get("s")}.`);
        if (unit.processes.length === 0)
          return yield* complain(call, `Failed to kill unit ${unit.name}: Unit ${unit.name} not loaded.`);
        for (const proc of unit.processes) proc.signal(signal);
        return 0;
      }),
  },
  "reset-failed": {
    needsRoot: "Failed to reset failed state of unit %s: Interactive authentication required.",
    *run(call) {
      const named = call.operands.map((name) => call.units.get(name));
      for (const unit of call.operands.length > 0 ? named : call.units.all()) unit.resetFailed();
      return 0;
    },
  },
  "daemon-reload": {
    needsRoot: "Failed to reload daemon: Interactive authentication required.",
    *run(call) {
      call.units.daemonReload();
      return 0;
    },
  },
  "daemon-reexec": {
    needsRoot: "Failed to reload daemon: Interactive authentication required.",
    *run(call) {
      call.units.daemonReload();
      return 0;
    },
  },
};
