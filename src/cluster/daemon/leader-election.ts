import { type Micros, SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import { rfc3339Micro } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { Lease } from "../../kinds/types/core.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { Unreachable } from "../apiserver/define.ts";
import type { Connection } from "../connection.ts";
import type { HealthCheck } from "./health.ts";
import { klog } from "./klog.ts";

/** component-base's defaults (1.35): how long a lease holds, and how often it is renewed. */
const LEASE_SECONDS = 15;
const RENEW_DEADLINE_SECONDS = 10;
const RETRY_SECONDS = 2;
/** How long after the lease has run out a component that still lives is not well (leaderelection healthzadaptor). */
const TOLERATED_SECONDS = 20;

/** The lease that says who leads. */
export interface Lock {
  readonly name: string;
  readonly namespace: string;
  /** What a process calls itself in it; the host's name and a uid where nothing is said. */
  readonly identity?: string;
}

/** Where a component stands in the election. */
export interface Election {
  leads: boolean;
  renewed: Micros;
}

/** The check leaderElection: it fails for who leads and could not renew the lease for long. */
export function electionCheck(proc: Process, lease: string, election: Election): HealthCheck {
  const { clock } = proc.machine.kernel;
  return {
    name: "leaderElection",
    problem() {
      const late = clock.now - election.renewed > (LEASE_SECONDS + TOLERATED_SECONDS) * SECOND;
      return election.leads && late ? `failed election to renew leadership on lease ${lease}` : undefined;
    },
  };
}

/**
 * Waits until this process holds the lease, calls `lead`, then renews for as long as it can. Ends
 * when `lead` says false, and when the lease could not be renewed in time; the daemon then exits, as the real one does.
 */
export function* leadUnderLease(
  proc: Process,
  api: Connection,
  {
    name,
    namespace,
    identity = `${(proc.machine.host ?? proc.machine).name}_${proc.machine.kernel.random.uuid()}`,
  }: Lock,
  election: Election,
  lead: () => boolean,
): Task {
  const { clock } = proc.machine.kernel;
  const lock = `lock="${namespace}/${name}"`;
  const held = function* (): Task<boolean> {
    const failed = hold(api, { name, namespace }, identity, clock.now);
    if (typeof failed === "boolean") return failed;
    const update = '"Failed to update lease optimistically, falling back to slow path"';
    if (election.leads) yield* klog(proc, "E", "leaderelection.go:445", `${update} err=${goQuote(failed)} ${lock}`);
    yield* klog(proc, "E", "leaderelection.go:452", `"Error retrieving lease lock" err=${goQuote(failed)} ${lock}`);
    return false;
  };
  yield* klog(proc, "I", "leaderelection.go:258", `"Attempting to acquire leader lease..." ${lock}`);
  while (!(yield* held())) yield* proc.sleep(RETRY_SECONDS);
  yield* klog(proc, "I", "leaderelection.go:272", `"Successfully acquired lease" ${lock}`);
  election.leads = true;
  election.renewed = clock.now;
  if (!lead()) return;
  while (clock.now - election.renewed < RENEW_DEADLINE_SECONDS * SECOND) {
    yield* proc.sleep(RETRY_SECONDS);
    if (yield* held()) election.renewed = clock.now;
  }
  yield* klog(proc, "I", "leaderelection.go:299", `"Failed to renew lease" ${lock} err="context deadline exceeded"`);
}

/** Takes or renews the lease. False where somebody else has it; a text says why it could not be asked for. */
function hold(api: Connection, { name, namespace }: Lock, identity: string, now: number): boolean | string {
  try {
    const lease = api.get<Lease>("leases.coordination.k8s.io", namespace, name);
    const renewTime = rfc3339Micro(now);
    if (!lease) {
      const spec = {
        holderIdentity: identity,
        leaseDurationSeconds: LEASE_SECONDS,
        acquireTime: renewTime,
        renewTime,
        leaseTransitions: 0,
      };
      api.create<Lease>({
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name, namespace },
        spec,
      });
      return true;
    }
    const { holderIdentity, leaseTransitions = 0 } = lease.spec ?? {};
    if (holderIdentity !== identity && holderIdentity && !expired(lease, now)) return false;
    const taken = holderIdentity === identity ? {} : { acquireTime: renewTime, leaseTransitions: leaseTransitions + 1 };
    api.update<Lease>({ ...lease, spec: { ...lease.spec, ...taken, holderIdentity: identity, renewTime } });
    return true;
  } catch (error) {
    if (error instanceof Status) return error.message;
    if (!(error instanceof Unreachable)) throw error;
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}?timeout=5s`;
    return api.words(path, error);
  }
}

function expired(lease: Lease, now: number): boolean {
  const renewTime = lease.spec?.renewTime;
  if (!renewTime) return true;
  // Times of one format compare as text.
  return renewTime < rfc3339Micro(now - (lease.spec?.leaseDurationSeconds ?? LEASE_SECONDS) * SECOND);
}
