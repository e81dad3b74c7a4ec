import { SECOND } from "../../../base/clock.ts";
import { parseGoDuration } from "../../../base/go-duration.ts";
import { Errno } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Process } from "../../../machine/process.ts";
import { schedulerFlags } from "../../daemon/component-flags.ts";
import type { Flags } from "../../daemon/flags.ts";
import { type HealthCheck, ping } from "../../daemon/health.ts";
import { leaderProgram } from "../../daemon/leader-program.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
import { ConfigProblem, defaultConfig, type SchedulerConfig } from "../../scheduler/config/define.ts";
import { readSchedulerConfig } from "../../scheduler/config/read-config.ts";
import { profilesOf } from "../../scheduler/profile.ts";
import { startScheduler } from "../../scheduler/scheduler.ts";
import type { Image } from "./define.ts";

const program = leaderProgram({
  name: "kube-scheduler",
  known: schedulerFlags,
  port: 10259,
  says: { cannotBegin: "", lost: "server.go:319 | Leaderelection lost" },
  pages({ election, connection, flags }) {
    const elects = flags["leader-elect"] === "false" ? [] : [election];
    const shutdown: HealthCheck = { name: "shutdown", problem: () => undefined };
    let synced = false;
    const handlers: HealthCheck = {
      name: "sched-handler-sync",
      problem() {
        synced ||= connection.reachable;
        return synced ? undefined : "handlers are not fully synchronized";
      },
    };
    return {
      healthz: () => (elects.length > 0 ? elects : [ping]),
      livez: () => [ping],
      readyz: () => [...elects, shutdown, handlers],
    };
  },
  settle(proc, flags) {
    try {
      const config = configOf(proc, flags);
      profilesOf(config);
      return { flags: flags.config ? flagsOf(config, flags) : flags };
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      return { problem: error.message };
    }
  },
  lead(proc, connection, flags) {
    const { kernel } = proc.machine;
    const wait = flags["pod-max-in-unschedulable-pods-duration"];
    return startScheduler(connection, {
      clock: kernel.clock,
      random: kernel.random,
      config: configOf(proc, flags),
      host: (proc.machine.host ?? proc.machine).name,
      ...(wait === undefined ? {} : { longestWait: parseGoDuration(wait) / SECOND }),
    });
  },
});

/** The configuration in the file of --config, which the process read when it started. */
function configOf(proc: Process, { config: path }: Flags): SchedulerConfig {
  if (!path) return defaultConfig;
  const known = read.get(proc);
  if (known) return known;
  let text: string;
  try {
    text = proc.machine.files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new ConfigProblem(`open ${path}: ${error.message.toLowerCase()}`);
  }
  const config = readSchedulerConfig(text);
  read.set(proc, config);
  return config;
}

const read = new WeakMap<Process, SchedulerConfig>();

/** With a file, it alone says how to connect; of the election, flags say more than it (options.go ApplyTo, 1.35). */
function flagsOf({ leaderElection, kubeconfig }: SchedulerConfig, flags: Flags): Flags {
  const { leaderElect, resourceName, resourceNamespace } = leaderElection;
  return {
    "leader-elect": String(leaderElect),
    "leader-elect-resource-name": resourceName,
    "leader-elect-resource-namespace": resourceNamespace,
    ...flags,
    kubeconfig: kubeconfig || undefined,
  };
}

/** The scheduler. */
export const kubeScheduler: Image = {
  repository: "registry.k8s.io/kube-scheduler",
  tags: releaseVersions,
  size: 17_000_000,
  usage: { cpu: 7, memory: 24 },
  entrypoint: ["kube-scheduler"],
  programs: [program],
  userland: "none",
};
