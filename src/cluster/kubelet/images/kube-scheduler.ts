import { schedulerFlags } from "../../daemon/component-flags.ts";
import { type HealthCheck, ping } from "../../daemon/health.ts";
import { leaderProgram } from "../../daemon/leader-program.ts";
import { releaseVersions } from "../../kubeadm/release.ts";
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
  lead: ({ machine: { kernel } }, connection) =>
    startScheduler(connection, { clock: kernel.clock, random: kernel.random }),
});

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
