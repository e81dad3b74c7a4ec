import { Errno, type Program, type Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { connectUnix } from "../../machine/unix-sockets.ts";
import { Connection } from "../connection.ts";
import { endsOnTerm } from "../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../daemon/flags.ts";
import { klog } from "../daemon/klog.ts";
import { type CsiDriver, CsiError } from "./csi-driver.ts";

/** What a sidecar container works with: its driver as it answers now (throws CsiError), and the API. */
export interface Sidecar {
  readonly proc: Process;
  readonly flags: Flags;
  readonly api: Connection;
  /** The name of the driver when the sidecar began. */
  readonly driverName: string;
  driver(): CsiDriver;
}

const common = [
  "csi-address",
  "default-fstype",
  "extra-create-metadata",
  "feature-gates",
  "health-port",
  "http-endpoint",
  "kube-api-burst",
  "kube-api-qps",
  "kubeconfig",
  "kubelet-registration-path",
  "leader-election",
  "leader-election-namespace",
  "max-grpc-log-length",
  "metrics-address",
  "node-deployment",
  "plugin-registration-path",
  "probe-timeout",
  "resync",
  "retry-interval-max",
  "retry-interval-start",
  "snapshot-name-prefix",
  "snapshot-name-uuid-length",
  "timeout",
  "v",
  "volume-name-prefix",
  "worker-threads",
  "workers",
];

/** The driver at a socket. Throws CsiError while nobody answers there. */
function dialDriver(proc: Process, address: string): CsiDriver {
  try {
    const { direct } = connectUnix(proc.machine, address);
    if ((direct as Partial<CsiDriver>).csi) return direct as CsiDriver;
    throw new CsiError("Unimplemented", "unknown service csi.v1.Identity");
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = `dial unix ${address}: connect: ${error.message.toLowerCase()}`;
    throw new CsiError("Unavailable", `connection error: desc = "transport: Error while dialing: ${why}"`);
  }
}

/** A program of a driver's pod: it waits until the driver answers at --csi-address, and then does its work all its life. */
export function csiSidecar(
  name: string,
  source: (driver: string, proc: Process) => string,
  work: (sidecar: Sidecar) => Task,
): Program {
  const known = new Set(common);
  function* run(proc: Process, argv: readonly string[]): Task<number> {
    const parsed = parseFlags(argv, known);
    if ("error" in parsed) {
      yield* proc.write(2, `${parsed.error.replace("unknown flag: -", "flag provided but not defined: ")}\n`);
      return 2;
    }
    const { flags } = parsed;
    const address = (flags["csi-address"] ?? "/run/csi/socket").replace(/^unix:\/\//, "");
    const driverName = yield* connect(proc, address);
    yield* klog(proc, "I", "main.go:218", `"CSI driver name" driver="${driverName}"`);
    const api = new Connection({ machine: proc.machine, agent: name, source: source(driverName, proc) });
    try {
      yield* work({ proc, flags, api, driverName, driver: () => dialDriver(proc, address) });
      return 0;
    } finally {
      api.close();
    }
  }
  return { name, folder: "/", run: endsOnTerm(run) };
}

/** Waits for the driver; says every ten seconds that it does (csi-lib-utils/connection). */
function* connect(proc: Process, address: string): Task<string> {
  for (let seconds = 1; ; seconds++) {
    try {
      return dialDriver(proc, address).name;
    } catch (error) {
      if (!(error instanceof CsiError)) throw error;
    }
    if (seconds % 10 === 0)
      yield* klog(proc, "W", "connection.go:234", `"Still connecting" address="unix://${address}"`);
    yield* proc.sleep(1);
  }
}
