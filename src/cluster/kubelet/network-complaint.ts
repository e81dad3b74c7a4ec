import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import { klog } from "../daemon/klog.ts";
import type { NodeRegistration } from "./node-registration.ts";

/** How long a new kubelet waits for its node's network without a word (nodeReadyGracePeriod, Kubernetes 1.35). */
const GRACE = 120 * SECOND;
/** How often it asks its runtime how it is. */
const PERIOD = 5 * SECOND;

/** What the kubelet logs while the pod network of its node is not set up (kubelet.updateRuntimeUp, 1.35). */
export class NetworkComplaint {
  private readonly proc: Process;
  private readonly registration: NodeRegistration;
  private readonly begun: number;
  /** The node was ready once, or should be by now. */
  private isExpected = false;
  private saidAt = Number.NEGATIVE_INFINITY;

  constructor(proc: Process, registration: NodeRegistration) {
    this.proc = proc;
    this.registration = registration;
    this.begun = proc.machine.kernel.clock.now;
  }

  /** Says so when it is time to. */
  *look(): Task {
    const { now } = this.proc.machine.kernel.clock;
    const problem = this.registration.networkProblem();
    if (problem === undefined) {
      this.isExpected = true;
      this.saidAt = Number.NEGATIVE_INFINITY;
      return;
    }
    if (!this.isExpected && now - this.begun >= GRACE) {
      this.isExpected = true;
      yield* klog(this.proc, "E", "kubelet_node_status.go:462", '"Node not becoming ready in time after startup"');
    }
    if (!this.isExpected || now - this.saidAt < PERIOD) return;
    this.saidAt = now;
    const condition = problem.replace(/^container runtime network not ready: /, "");
    const text = `"Container runtime network not ready" networkReady=${goQuote(condition)}`;
    yield* klog(this.proc, "E", "kubelet.go:3130", text);
  }
}
