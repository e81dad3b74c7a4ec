import type { Program } from "../../../machine/define.ts";
import { unitName } from "../../../machine/units/load-unit.ts";
import { unitsOf } from "../../../machine/units/units.ts";
import { parseArguments } from "../define.ts";
import type { Verb } from "./define.ts";
import { jobVerbs } from "./jobs.ts";
import { isActive, isFailed, isSystemRunning, listUnits } from "./list.ts";
import { show } from "./show.ts";
import { status } from "./status.ts";
import { unitFileVerbs } from "./unit-files.ts";

const KNOWN =
  "a,all t,type= state= failed p,property= P= value l,full no-pager no-legend legend= plain now q,quiet f,force no-block n,lines= o,output= s,signal= kill-whom= no-ask-password system runtime version no-reload no-warn r,recursive";

const verbs: Readonly<Record<string, Verb>> = {
  ...jobVerbs,
  ...unitFileVerbs,
  status,
  show,
  "list-units": listUnits,
  "is-active": isActive,
  "is-failed": isFailed,
  "is-system-running": isSystemRunning,
};

/** Speaks to systemd: starts, stops, enables and shows units. */
export const systemctl: Program = {
  name: "systemctl",
  *run(proc, argv) {
    const given = parseArguments(argv, KNOWN);
    const [name = "list-units", ...operands] = given.operands;
    const fail = (message: string) => proc.write(2, `${message}\n`);
    if (given.problem !== undefined) {
      yield* fail(`systemctl: ${given.problem}`);
      return 1;
    }
    if (given.options.has("version")) {
      yield* proc.write(1, "systemd 252 (252.38-1~deb12u1)\n");
      return 0;
    }
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb) {
      yield* fail(`Unknown command verb ${name}.`);
      return 1;
    }
    if (operands.length < (verb.atLeast ?? 0)) {
      yield* fail("Too few arguments.");
      return 1;
    }
    if (!proc.machine.processes.has(1) || proc.machine.processes.get(1)?.argv[0] !== "/sbin/init") {
      yield* fail("System has not been booted with systemd as init system (PID 1). Can't operate.");
      yield* fail("Failed to connect to bus: Host is down");
      return 1;
    }
    if (verb.needsRoot !== undefined && proc.credentials.uid !== 0) {
      yield* fail(verb.needsRoot.replaceAll("%s", unitName(operands[0] ?? "")));
      return 1;
    }
    const options = new Map(given.options);
    if (options.has("P")) options.set("p", options.get("P") ?? "").set("value", "");
    return yield* verb.run({ proc, units: unitsOf(proc.machine), options, operands });
  },
};
