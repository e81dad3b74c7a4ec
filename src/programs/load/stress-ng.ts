import { SECOND } from "../../base/clock.ts";
import type { Errno, Program, Task } from "../../machine/define.ts";
import { hardwareOf } from "../../machine/hardware.ts";
import type { Process } from "../../machine/process.ts";
import { bytesOf, readSeconds } from "./amounts.ts";
import { type Hog, hogBody, waitForHogs } from "./hogs.ts";

const DAY = 86_400;

/** The options that are simulated: long name, its letter, and whether a value follows. */
const options: readonly (readonly [long: string, short: string, value: boolean])[] = [
  ["cpu", "c", true],
  ["cpu-load", "l", true],
  ["cpu-method", "", true],
  ["io", "i", true],
  ["vm", "m", true],
  ["vm-bytes", "", true],
  ["vm-hang", "", true],
  ["vm-keep", "", false],
  ["vm-method", "", true],
  ["timeout", "t", true],
  ["verbose", "v", false],
  ["quiet", "q", false],
  ["metrics-brief", "", false],
  ["metrics", "", false],
  ["temp-path", "", true],
  ["version", "V", false],
];

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const [, long, inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const option = options.find(([name, letter]) => name === long || (letter !== "" && word === `-${letter}`));
    if (!option) {
      yield* proc.write(2, `stress-ng: ${long === undefined ? word : `--${long}`} is not simulated\n`);
      return 1;
    }
    const value = option[2] ? (inline ?? argv[++at]) : "";
    if (value === undefined) {
      yield* proc.write(2, `stress-ng: option '${word}' requires an argument\n`);
      return 1;
    }
    given.set(option[0], value);
  }
  if (given.has("version")) {
    yield* proc.write(1, "stress-ng, version 0.15.06 (gcc 12.2.0, x86_64 Linux 6.1.0-38-amd64)\n");
    return 0;
  }
  return yield* dispatch(proc, given);
}

function* dispatch(proc: Process, given: ReadonlyMap<string, string>): Task<number> {
  const { cpus, memoryKib } = hardwareOf(proc.machine.host ?? proc.machine);
  // 0 or less: one worker for each processor.
  const count = (name: string) => {
    if (!given.has(name)) return 0;
    const n = Math.trunc(Number(given.get(name)));
    return n > 0 ? n : cpus;
  };
  const [cpu, io, vm] = [count("cpu"), count("io"), count("vm")];
  const asked = given.get("vm-bytes") ?? "256M";
  const total = asked.endsWith("%") ? (Number.parseFloat(asked) / 100) * memoryKib * 1024 : bytesOf(asked);
  const timeout = given.has("timeout") ? readSeconds(given.get("timeout") ?? "") : DAY;
  const hang = given.has("vm-hang") ? readSeconds(given.get("vm-hang") ?? "") : -1;
  if (total === undefined || timeout === undefined || hang === undefined) {
    yield* proc.write(2, "stress-ng: invalid value of an option\n");
    return 1;
  }
  if (cpu + io + vm === 0) {
    yield* proc.write(2, "stress-ng: No stress workers invoked\n");
    return 1;
  }
  if (!given.has("timeout"))
    yield* say(proc, given, "info:  ", "defaulting to a 86400 second (1 day, 0.00 secs) run per stressor");
  else yield* say(proc, given, "info:  ", `setting to a ${timeout} second run per stressor`);
  const named = [cpu > 0 ? `${cpu} cpu` : "", io > 0 ? `${io} io` : "", vm > 0 ? `${vm} vm` : ""]
    .filter(Boolean)
    .join(", ");
  yield* say(proc, given, "info:  ", `dispatching hogs: ${named}`);
  const load = Math.min(100, Math.max(0, Number(given.get("cpu-load") ?? "100"))) / 100;
  const memory: Hog = { kind: "vm", bytes: Math.floor(total / Math.max(1, vm)), hang, keep: given.has("vm-keep") };
  const wanted: Hog[] = [];
  for (let n = 0; n < cpu; n++) wanted.push({ kind: "cpu", load });
  for (let n = 0; n < io; n++) wanted.push({ kind: "io" });
  for (let n = 0; n < vm; n++) wanted.push(memory);
  const started = proc.machine.kernel.clock.now;
  const hogs = wanted.map((hog) =>
    proc.spawn({
      argv: [`stress-ng-${hog.kind}`],
      body: hogBody(hog, function* failed(self, _error: Errno) {
        yield* self.write(2, `stress-ng: info:  [${self.pid}] vm: gave up trying to mmap, no available memory\n`);
        return 3;
      }),
    }),
  );
  const worst = yield* waitForHogs(proc, hogs, timeout, () => {});
  const seconds = ((proc.machine.kernel.clock.now - started) / SECOND).toFixed(2);
  yield* say(proc, given, "info:  ", `${worst ? "unsuccessful" : "successful"} run completed in ${seconds}s`);
  return worst ? 2 : 0;
}

function* say(proc: Process, given: ReadonlyMap<string, string>, level: string, text: string): Task {
  if (!given.has("quiet")) yield* proc.write(2, `stress-ng: ${level}[${proc.pid}] ${text}\n`);
}

/** stress-ng 0.15 (Debian 12), as far as cpu, io and vm go. */
export const stressNg: Program = { name: "stress-ng", run };
