import { SECOND } from "../../base/clock.ts";
import { rfc3339Micro } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { Lease } from "../../kinds/types/core.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { type Api, Unreachable } from "../apiserver/define.ts";
import { klog } from "./klog.ts";

/** component-base's defaults (1.35): how long a lease holds, and how often it is renewed. */
const LEASE_SECONDS = 15;
const RENEW_DEADLINE_SECONDS = 10;
const RETRY_SECONDS = 2;

/**
 * Waits until this process holds the lease kube-system/NAME, calls `lead`, then renews for as long as it can. Ends
 * when the lease could not be renewed in time; the daemon then exits, as the real one does.
 */
export function* leadUnderLease(proc: Process, api: Api, name: string, lead: () => void): Task {
  const { clock, random } = proc.machine.kernel;
  const identity = `${(proc.machine.host ?? proc.machine).name}_${random.uuid()}`;
  yield* klog(proc, "I", "leaderelection.go:257", `attempting to acquire leader lease kube-system/${name}...`);
  while (!hold(api, name, identity, clock.now)) yield* proc.sleep(RETRY_SECONDS);
  yield* klog(proc, "I", "leaderelection.go:271", `successfully acquired lease kube-system/${name}`);
  lead();
  let renewed = clock.now;
  while (clock.now - renewed < RENEW_DEADLINE_SECONDS * SECOND) {
    yield* proc.sleep(RETRY_SECONDS);
    if (hold(api, name, identity, clock.now)) renewed = clock.now;
  }
  yield* klog(proc, "E", "leaderelection.go:429", `Failed to update lock: lease kube-system/${name}`);
}

function hold(api: Api, name: string, identity: string, now: number): boolean {
  try {
    const lease = api.get<Lease>("leases.coordination.k8s.io", "kube-system", name);
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
        metadata: { name, namespace: "kube-system" },
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
    if (error instanceof Status || error instanceof Unreachable) return false;
    throw error;
  }
}

function expired(lease: Lease, now: number): boolean {
  const renewTime = lease.spec?.renewTime;
  if (!renewTime) return true;
  // Times of one format compare as text.
  return renewTime < rfc3339Micro(now - (lease.spec?.leaseDurationSeconds ?? LEASE_SECONDS) * SECOND);
}
