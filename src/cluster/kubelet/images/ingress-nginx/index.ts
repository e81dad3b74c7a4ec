import { Errno, Interrupted, type Program, type Task } from "../../../../machine/define.ts";
import { startCommand } from "../../../../machine/exec.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Image } from "../define.ts";
import { certgen } from "./certgen.ts";
import { controller } from "./controller.ts";

/** The first process of the container: it starts a command and hands signals on to it. */
function* init(proc: Process, argv: readonly string[]): Task<number> {
  const words = argv[0] === "--" ? argv.slice(1) : argv;
  let child: Process;
  try {
    child = startCommand(proc, words);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* proc.write(2, `[dumb-init] ${words[0]}: ${error.message}\n`);
    return 2;
  }
  for (const signal of ["TERM", "INT", "QUIT", "HUP"] as const) proc.on(signal, (which) => child.signal(which));
  for (;;)
    try {
      return yield* proc.waitFor(child);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
}

/** What the preStop hook runs: asks the controller to end, and stays until nginx has. */
function* waitShutdown(proc: Process): Task<number> {
  const all = () => [...proc.machine.processes.values()];
  for (const one of all()) if (one.argv[0]?.endsWith("nginx-ingress-controller")) one.signal("TERM");
  while (all().some(({ argv }) => argv[0]?.startsWith("nginx: master"))) yield* proc.sleep(1);
  return 0;
}

const dumbInit: Program = { name: "dumb-init", folder: "/usr/bin", run: init };
const shutdown: Program = { name: "wait-shutdown", folder: "/", run: waitShutdown };

/** The Ingress controller of the Kubernetes project, and what makes the certificate of its webhook. */
export const ingressNginx: readonly Image[] = [
  {
    repository: "registry.k8s.io/ingress-nginx/controller",
    tags: ["v1.14.3", "v1.14.1", "v1.14.0", "v1.13.3", "v1.13.2", "v1.13.1", "v1.13.0", "v1.12.2", "v1.12.1"],
    size: 102_000_000,
    usage: { cpu: 2, memory: 90 },
    entrypoint: ["/usr/bin/dumb-init", "--"],
    cmd: ["/nginx-ingress-controller"],
    workingDir: "/etc/nginx",
    user: 101,
    programs: [controller, dumbInit, shutdown],
    userland: "busybox",
    tools: ["bash", "curl"],
  },
  {
    repository: "registry.k8s.io/ingress-nginx/kube-webhook-certgen",
    tags: ["v1.6.7", "v1.6.5", "v1.6.3", "v1.6.2", "v1.6.1", "v1.6.0", "v1.5.4", "v1.5.3"],
    size: 28_000_000,
    entrypoint: ["/kube-webhook-certgen"],
    programs: [certgen],
    userland: "none",
  },
];
