import type { Task } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import { disable, enable, enabledState, hasInstall, mask, unitFiles, unmask } from "../../../machine/units/enable.ts";
import { loadUnit, unitName } from "../../../machine/units/load-unit.ts";
import { columns } from "../define.ts";
import { complain, type Systemctl, type Verb } from "./define.ts";
import { fitsAny } from "./patterns.ts";

const noInstall = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.
 
Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

/** A verb that changes links for each unit, then reads all units again, then perhaps starts or stops them. */
function linking(
  verb: string,
  change: (call: Systemctl, name: string) => Task<boolean>,
  now: "start" | "stop" | undefined,
): Verb {
  return {
    atLeast: 1,
    needsRoot: `Failed to ${verb} unit: Interactive authentication required.`,
    *run(call) {
      for (const operand of call.operands) if (!(yield* change(call, unitName(operand)))) return 1;
      call.units.daemonReload();
      if (now !== undefined && call.options.has("now"))
        for (const operand of call.operands) {
          const result = now === "start" ? yield* call.units.start(operand) : yield* call.units.stop(operand);
          if (result === "failed" || result === "dependency")
            return yield* complain(
              call,
              `Job for ${unitName(operand)} failed because the control process exited with error code.\nSee "systemctl status ${unitName(operand)}" and "journalctl -xeu ${unitName(operand)}" for details.`,
            );
        }
      return 0;
    },
  };
}

function* tell(call: Systemctl, changes: readonly string[]): Task {
  if (!call.options.has("q")) for (const change of changes) yield* call.proc.write(2, `${change}\n`);
}

function* mustExist(call: Systemctl, verb: string, name: string): Task<boolean> {
  const { load, fragment } = loadUnit(call.proc.machine.files, name);
  if (load === "not-found") {
    yield* complain(call, `Failed to ${verb} unit: Unit file ${name} does not exist.`);
    return false;
  }
  if (load === "masked" && verb !== "disable") {
    yield* complain(call, `Failed to ${verb} unit: Unit file ${fragment ?? name} is masked.`);
    return false;
  }
  return true;
}

export const unitFileVerbs: Readonly<Record<string, Verb>> = {
  enable: linking(
    "enable",
    function* (call, name) {
      const { files } = call.proc.machine;
      if (!(yield* mustExist(call, "enable", name))) return false;
      if (!hasInstall(files, name)) yield* call.proc.write(2, noInstall);
      yield* tell(call, enable(files, name));
      return true;
    },
    "start",
  ),
  reenable: linking(
    "reenable",
    function* (call, name) {
      const { files } = call.proc.machine;
      if (!(yield* mustExist(call, "reenable", name))) return false;
      yield* tell(call, [...disable(files, name), ...enable(files, name)]);
      return true;
    },
    "start",
  ),
  disable: linking(
    "disable",
    function* (call, name) {
      if (!(yield* mustExist(call, "disable", name))) return false;
      yield* tell(call, disable(call.proc.machine.files, name));
      return true;
    },
    "stop",
  ),
  mask: linking(
    "mask",
    function* (call, name) {
      const { files } = call.proc.machine;
      if (enabledState(files, name) === undefined)
        yield* complain(call, `Unit ${name} does not exist, proceeding anyway.`);
      const changes = mask(files, name);
      if (changes) yield* tell(call, changes);
      else yield* complain(call, `Failed to mask unit: File /etc/systemd/system/${name} already exists.`);
      return changes !== undefined;
    },
    "stop",
  ),
  unmask: linking(
    "unmask",
    function* (call, name) {
      const { files } = call.proc.machine;
      if (enabledState(files, name) === undefined)
        yield* complain(call, `Unit ${name} does not exist, proceeding anyway.`);
      yield* tell(call, unmask(files, name));
      return true;
    },
    undefined,
  ),
  "is-enabled": {
    atLeast: 1,
    *run(call) {
      let status = 1;
      for (const operand of call.operands) {
        const name = unitName(operand);
        const state = enabledState(call.proc.machine.files, name);
        if (state === undefined)
          yield* complain(call, `Failed to get unit file state for ${name}: No such file or directory`);
        else if (!call.options.has("q")) yield* call.proc.write(1, `${state}\n`);
        if (["enabled", "static", "alias", "indirect", "generated"].includes(state ?? "")) status = 0;
      }
      return status;
    },
  },
  "list-unit-files": {
    *run(call) {
      const { files } = call.proc.machine;
      const type = call.options.get("t");
      const states = call.options.get("state")?.split(",");
      const rows = [...unitFiles(files).keys()].flatMap((name) => {
        const state = enabledState(files, name) ?? "";
        const wanted = (type === undefined || name.endsWith(`.${type}`)) && (!states || states.includes(state));
        const preset = state === "enabled" || state === "disabled" || state === "masked" ? "enabled" : "-";
        return wanted && fitsAny(name, call.operands) ? [[name, state, preset]] : [];
      });
      const legend = !call.options.has("no-legend") && call.options.get("legend") !== "false";
      const lines = columns(legend ? [["UNIT FILE", "STATE", "PRESET"], ...rows] : rows);
      const end = legend ? `\n${rows.length} unit files listed.\n` : "";
      yield* call.proc.write(1, lines.map((line) => `${line}\n`).join("") + end);
      return 0;
    },
  },
  cat: {
    atLeast: 1,
    *run(call) {
      const { files } = call.proc.machine;
      for (const [i, operand] of call.operands.entries()) {
        const unit = call.units.get(operand);
        const { fragment, dropIns, load } = unit.definition;
        if (load === "not-found") return yield* complain(call, `No files found for ${unitName(operand)}.`);
        if (i > 0) yield* call.proc.write(1, "\n");
        if (call.units.needsReload(unit)) yield* call.proc.write(1, changedNotice(unit.name));
        const parts = [fragment ?? "", ...dropIns].map((path) => {
          const text = files.find(path, root) ? files.read(path, root) : "";
          return `# ${path}\n${text}`;
        });
        yield* call.proc.write(1, parts.join("\n"));
      }
      return 0;
    },
  },
  edit: {
    atLeast: 1,
    *run(call) {
      const name = unitName(call.operands[0] ?? "");
      return yield* complain(
        call,
        `systemctl edit is not simulated by cka-lab: write /etc/systemd/system/${name}.d/override.conf and run systemctl daemon-reload`,
      );
    },
  },
  "get-default": {
    *run(call) {
      yield* call.proc.write(1, "multi-user.target\n");
      return 0;
    },
  },
};

function changedNotice(name: string): string {
  return `# Warning: ${name} changed on disk, the version systemd has loaded is outdated.
# This output shows the current version of the unit's original fragment and drop-in files.
# If fragments or drop-ins were added or removed, they are not properly reflected in this output.
# Run 'systemctl daemon-reload' to reload units.
`;
}
