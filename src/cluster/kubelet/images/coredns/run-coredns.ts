import { SECOND } from "../../../../base/clock.ts";
import { Interrupted, type Task } from "../../../../machine/define.ts";
import { hardwareOf } from "../../../../machine/hardware.ts";
import type { Process } from "../../../../machine/process.ts";
import { configurationHash } from "../../../network/dns/corefile/configuration-hash.ts";
import { CorefileFault } from "../../../network/dns/corefile/dispenser.ts";
import { parseCorefile, type ServerBlock } from "../../../network/dns/corefile/parse-corefile.ts";
import { createInstance, type Instance } from "../../../network/dns/instance.ts";
import { hashLine, zoneLines } from "../../../network/dns/start-lines.ts";
import { type Daemon, daemonOf, freshShared } from "./daemon.ts";
import { listen } from "./listen.ts";
import { versionLines } from "./releases.ts";

/** How long the start waits for the cluster, and how often it says so (plugin/kubernetes, 1.13). */
const START_TIMEOUT = 5;
const SAY_EVERY = 0.5;
/** The first pause of a reflector that may not list, and its longest (client-go tools/cache, 0.34). */
const FIRST_PAUSE = 0.8;
const LONGEST_PAUSE = 30;

/** The default Corefile of a CoreDNS that is given none. */
const BUILT_IN = ".:53 {\nwhoami\nlog\n}\n";

/** The main function of CoreDNS (coremain, 1.13). */
export function* runCoredns(proc: Process, argv: readonly string[]): Task<number> {
  const daemon = daemonOf(proc, argv);
  const { version } = daemon;
  if (/^1\.(1[2-9]|[2-9]\d)\./.test(version)) yield* proc.write(2, coresLine(proc));
  try {
    const text = textOf(daemon, argv.includes("-conf"));
    const instance = start(daemon, text);
    yield* waitForCluster(daemon);
    const fault = listen(daemon, instance);
    if (fault !== undefined) throw new CorefileFault(fault);
    for (const line of zoneLines(instance)) yield* proc.write(1, line);
    const blocks = blocksOf(daemon, text);
    if (instance.shared.reload) yield* proc.write(1, hashLine(blocks));
    yield* proc.write(1, versionLines(version));
    return yield* serve(daemon, instance, configurationHash(blocks));
  } catch (error) {
    if (error instanceof Interrupted) {
      yield* farewell(daemon);
      return 0;
    }
    if (!(error instanceof CorefileFault)) throw error;
    yield* proc.write(2, `${error.message}\n`);
    return 1;
  } finally {
    daemon.connection?.close();
  }
}

/** How many threads it computes with (go.uber.org/automaxprocs, since CoreDNS 1.12). */
function coresLine({ machine }: Process): string {
  if (machine.share < 1) return "maxprocs: Updating GOMAXPROCS=1: using minimum allowed GOMAXPROCS\n";
  return `maxprocs: Leaving GOMAXPROCS=${hardwareOf(machine.host ?? machine).cpus}: CPU quota undefined\n`;
}

function textOf({ source, path }: Daemon, isGiven: boolean): string {
  const text = source.read(path);
  if (text === undefined && isGiven)
    throw new CorefileFault(`loading Caddyfile via flag: open ${path}: no such file or directory`);
  return text === undefined || text.trim() === "" ? BUILT_IN : text;
}

function start(daemon: Daemon, text: string): Instance {
  const { path, source, host, version } = daemon;
  const shared = { ...freshShared(version), metrics: daemon.shared.metrics };
  return createInstance(path, text, source, host, shared);
}

/** The start goes on when everything is listed, or after five seconds without. */
function* waitForCluster(daemon: Daemon): Task {
  const { cluster, proc, host } = daemon;
  if (!cluster || cluster.synced) return;
  complain(daemon);
  const until = host.clock.now + START_TIMEOUT * SECOND;
  while (host.clock.now < until) {
    yield* proc.sleep(SAY_EVERY);
    if (cluster.synced) return;
    if (host.clock.now < until) host.say("[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server");
  }
  host.say("[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API");
}

/** Each reflector that may not list says so, and waits longer every time. */
function complain({ cluster, proc, host }: Daemon): void {
  const again = (resource: string, pause: number) => {
    if (proc.state === "ended" || !cluster?.unlisted.includes(resource)) return;
    host.say("[ERROR] plugin/kubernetes: Failed to watch");
    const next = pause * (1 + host.random.fraction());
    host.clock.at(host.clock.now + Math.round(next * SECOND), () =>
      again(resource, Math.min(LONGEST_PAUSE, pause * 2)),
    );
  };
  for (const resource of cluster?.unlisted ?? []) again(resource, FIRST_PAUSE);
}

/** What the reload plugin compares: the words and their lines, and nothing else. */
function blocksOf({ path, source }: Daemon, text: string): readonly ServerBlock[] {
  return parseCorefile(path, text, source, "unchecked");
}

/** The hash of the Corefile as it is now; undefined where there is none that could be read. */
function hashNow(daemon: Daemon): { readonly text: string; readonly hash: string } | undefined {
  const text = daemon.source.read(daemon.path);
  if (text === undefined) return undefined;
  try {
    return { text, hash: configurationHash(blocksOf(daemon, text)) };
  } catch (error) {
    if (!(error instanceof CorefileFault)) throw error;
    daemon.host.say(`[WARNING] plugin/reload: Corefile parse failed: ${error.message}`);
    return undefined;
  }
}

function* serve(daemon: Daemon, first: Instance, hash: string): Task<number> {
  const { proc, host } = daemon;
  let instance = first;
  let tried = hash;
  for (;;) {
    const end = instance.started();
    if (end !== undefined) {
      yield* proc.write(1, `${end}\n`);
      return 1;
    }
    const { reload } = instance.shared;
    if (!reload) for (;;) yield* proc.wait({ on: [] });
    const pause = reload.interval + (host.random.fraction() - 0.5) * reload.jitter;
    let next: Instance | undefined;
    while (!next) {
      yield* proc.sleep(pause);
      const found = hashNow(daemon);
      if (found === undefined || found.hash === tried) continue;
      tried = found.hash;
      next = yield* reloaded(daemon, found.text);
    }
    instance = next;
  }
}

/** Begins anew with another Corefile; where that is broken, everything stays as it was (plugin/reload, 1.13). */
function* reloaded(daemon: Daemon, text: string): Task<Instance | undefined> {
  const { proc } = daemon;
  const before = daemon.running;
  yield* proc.write(1, "[INFO] Reloading\n");
  try {
    const instance = start(daemon, text);
    yield* waitForCluster(daemon);
    const fault = listen(daemon, instance);
    if (fault !== undefined) throw new CorefileFault(fault);
    if (instance.shared.reload) yield* proc.write(1, hashLine(blocksOf(daemon, text)));
    yield* proc.write(1, "[INFO] Reloading complete\n");
    return instance;
  } catch (error) {
    if (!(error instanceof CorefileFault)) throw error;
    if (before) listen(daemon, before);
    yield* proc.write(1, `[ERROR] Restart failed: ${error.message}\n`);
    const why = `Corefile changed but reload failed: starting with listener file descriptors: ${error.message}`;
    yield* proc.write(1, `[ERROR] plugin/reload: ${why}\n`);
    return undefined;
  }
}

/** After TERM it goes on to serve for a while, so that nobody asks a server that is gone. */
function* farewell({ proc, running }: Daemon): Task {
  yield* proc.write(1, "[INFO] SIGTERM: Shutting down servers then terminating\n");
  const lameduck = running?.shared.lameduck ?? 0;
  if (lameduck <= 0) return;
  yield* proc.write(1, `[INFO] plugin/health: Going into lameduck mode for ${lameduck}s\n`);
  yield* proc.sleep(lameduck);
}
