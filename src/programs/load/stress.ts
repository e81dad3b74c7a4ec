import { SECOND } from "../../base/clock.ts";
import type { Errno, Program, Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { bytesOf, readSeconds } from "./amounts.ts";
import { type Hog, type Hogs, hogBody, waitForHogs } from "./hogs.ts";

/** The options of stress 1.0.4: short, long, and whether a value follows. */
const options: readonly (readonly [short: string, long: string, value: boolean])[] = [
  ["-?", "--help", false],
  ["", "--version", false],
  ["-v", "--verbose", false],
  ["-q", "--quiet", false],
  ["-n", "--dry-run", false],
  ["-t", "--timeout", true],
  ["", "--backoff", true],
  ["-c", "--cpu", true],
  ["-i", "--io", true],
  ["-m", "--vm", true],
  ["", "--vm-bytes", true],
  ["", "--vm-stride", true],
  ["", "--vm-hang", true],
  ["", "--vm-keep", false],
  ["-d", "--hdd", true],
  ["", "--hdd-bytes", true],
];

const usage = `\`stress' imposes certain types of compute stress on your system

Usage: stress [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -n, --dry-run      show what would have been done
 -t, --timeout N    timeout after N seconds
     --backoff N    wait factor of N microseconds before work starts
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-stride B  touch a byte every B bytes (default is 4096)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()
     --hdd-bytes B  write B bytes per hdd worker (default is 1GB)

Example: stress --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s

Note: Numbers may be suffixed with s,m,h,d,y (time) or B,K,M,G (size).
`;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const [name = "", inline] = word.split(/=(.*)/s);
    const option = options.find(([short, long]) => (short !== "" && short === word) || long === name);
    if (!option) return yield* fail(proc, `unrecognized option: ${word}`);
    const value = option[2] ? (word.startsWith("--") && inline !== undefined ? inline : argv[++at]) : "";
    if (value === undefined) return yield* fail(proc, `missing argument to option '${word}'`);
    given.set(option[1], value);
  }
  if (given.has("--version")) {
    yield* proc.write(1, "stress 1.0.4\n");
    return 0;
  }
  if (argv.length === 0 || given.has("--help")) {
    yield* proc.write(1, usage);
    return 0;
  }
  const bytes = bytesOf(given.get("--vm-bytes") ?? "256M");
  const timeout = readSeconds(given.get("--timeout") ?? "0");
  const hang = given.has("--vm-hang") ? readSeconds(given.get("--vm-hang") ?? "") : -1;
  if (bytes === undefined) return yield* fail(proc, `unrecognized suffix: ${given.get("--vm-bytes") ?? ""}`);
  if (timeout === undefined || hang === undefined) return yield* fail(proc, "unrecognized suffix in a time");
  const counts = {
    cpu: count(given, "--cpu"),
    io: count(given, "--io"),
    vm: count(given, "--vm"),
    hdd: count(given, "--hdd"),
  };
  if (counts.cpu + counts.io + counts.vm + counts.hdd === 0) {
    yield* proc.write(1, usage);
    return 0;
  }
  const { cpu, io, vm, hdd } = counts;
  yield* info(proc, given, `dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd`);
  if (given.has("--dry-run")) return 0;
  const memory: Hog = { kind: "vm", bytes, hang, keep: given.has("--vm-keep") };
  const wanted: Hog[] = [
    ...times<Hog>(cpu, { kind: "cpu", load: 1 }),
    ...times<Hog>(io + hdd, { kind: "io" }),
    ...times(vm, memory),
  ];
  return yield* dispatch(proc, given, wanted, timeout);
}

function* dispatch(
  proc: Process,
  given: ReadonlyMap<string, string>,
  wanted: readonly Hog[],
  timeout: number,
): Task<number> {
  const started = proc.machine.kernel.clock.now;
  const failures: string[] = [];
  const hogs: Hogs = wanted.map((hog) =>
    proc.spawn({
      argv: proc.argv,
      body: hogBody(hog, function* failed(self, error: Errno) {
        yield* self.write(2, `stress: FAIL: [${self.pid}] (494) hogvm malloc failed: ${error.message}\n`);
        return 1;
      }),
    }),
  );
  const worst = yield* waitForHogs(proc, hogs, timeout, (hog) => {
    if (hog.signalled !== undefined && hog.signalled !== "ALRM")
      failures.push(`(416) <-- worker ${hog.pid} got signal ${hog.status - 128}`);
    else failures.push(`(416) <-- worker ${hog.pid} returned error ${hog.status}`);
  });
  const seconds = Math.floor((proc.machine.kernel.clock.now - started) / SECOND);
  if (!worst) {
    yield* info(proc, given, `successful run completed in ${seconds}s`);
    return 0;
  }
  for (const failure of failures.slice(0, 1)) yield* proc.write(2, `stress: FAIL: [${proc.pid}] ${failure}\n`);
  yield* proc.write(2, `stress: WARN: [${proc.pid}] (418) now reaping child worker processes\n`);
  yield* proc.write(2, `stress: FAIL: [${proc.pid}] (452) failed run completed in ${seconds}s\n`);
  return 1;
}

function count(given: ReadonlyMap<string, string>, name: string): number {
  return Math.max(0, Math.trunc(Number(given.get(name) ?? "0")) || 0);
}

function times<T>(n: number, item: T): T[] {
  return Array.from({ length: n }, () => item);
}

function* info(proc: Process, given: ReadonlyMap<string, string>, text: string): Task {
  if (!given.has("--quiet")) yield* proc.write(1, `stress: info: [${proc.pid}] ${text}\n`);
}

function* fail(proc: Process, text: string): Task<number> {
  yield* proc.write(2, `stress: FAIL: [${proc.pid}] (244) ${text}\n`);
  return 1;
}

/** stress 1.0.4 (Debian 12): workers that compute, or take memory and hold it. */
export const stress: Program = { name: "stress", run };
