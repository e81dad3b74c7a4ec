import { type Clock, type Micros, SECOND } from "../../../base/clock.ts";
import { goDuration } from "../../../base/go-duration.ts";
import { goQuote } from "../../../base/go-text.ts";
import type { WaitQueue } from "../../../base/wait-queue.ts";
import { Errno } from "../../../machine/define.ts";
import { root } from "../../../machine/define-files.ts";
import type { Machine } from "../../../machine/machine.ts";
import { connectUnix, type UnixListener } from "../../../machine/unix-sockets.ts";
import type { ContainerdService } from "../../kubeadm/containerd.ts";

/** How often the kubelet asks the runtime how it is, and lists its containers; and after how long it minds (kubelet.go, 1.35). */
const STATUS_PERIOD = 5 * SECOND;
const RELIST_PERIOD = SECOND;
const RUNTIME_THRESHOLD = 30 * SECOND;
const RELIST_THRESHOLD = 180 * SECOND;

/** Why the runtime at a socket cannot be used, in grpc's words; undefined where it can. */
export function runtimeProblem(machine: Machine, socket: string): string | undefined {
  try {
    const { direct } = connectUnix(machine, socket);
    if ((direct as ContainerdService).cri) return undefined;
    return "rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService";
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = `transport: Error while dialing: dial unix ${socket}: connect: ${error.message.toLowerCase()}`;
    return `rpc error: code = Unavailable desc = connection error: desc = ${goQuote(why)}`;
  }
}

/** A running kubelet's connection to its container runtime: what it knows of it, and since when it hears nothing. */
export class RuntimeLink {
  private readonly host: Machine;
  private readonly socket: string;
  private readonly clock: Clock;
  private readonly begun: Micros;
  private server: UnixListener | undefined;
  private lostAt: Micros | undefined;

  constructor(host: Machine, socket: string) {
    this.host = host;
    this.socket = socket;
    this.clock = host.kernel.clock;
    this.begun = this.clock.now;
    this.look();
  }

  /** What its calls fail with now. */
  get problem(): string | undefined {
    if (this.server && this.server.proc.state !== "ended") return undefined;
    return runtimeProblem(this.host, this.socket);
  }

  /** Looks whether the runtime answers. True when it does again after it did not. */
  look(): boolean {
    const lost = this.problem !== undefined;
    if (lost) {
      this.lostAt ??= this.clock.now;
      this.server = undefined;
      return false;
    }
    this.server ??= connectUnix(this.host, this.socket);
    const isBack = this.lostAt !== undefined;
    this.lostAt = undefined;
    return isBack;
  }

  /** What wakes when the runtime goes or may have come back; and when to look without that. */
  get news(): { readonly on: readonly WaitQueue[]; readonly until?: Micros } {
    if (this.server) return { on: [this.server.proc.changed] };
    const folder = this.socket.replace(/\/[^/]*$/, "") || "/";
    const on = this.host.files.find(folder, root) ? [this.host.files.watch(folder)] : [];
    return { on, until: this.clock.now + STATUS_PERIOD };
  }

  /** Why the kubelet does nothing for its pods and its node is not ready (runtimeState.runtimeErrors, 1.35). */
  get errors(): readonly string[] {
    if (this.lostAt === undefined || this.problem === undefined) return [];
    const errors: string[] = [];
    if (this.idle >= 0) errors.push("container runtime is down");
    const silent = this.clock.now - this.lastTime(RELIST_PERIOD);
    const seen = `pleg was last seen active ${goDuration(silent)} ago; threshold is ${goDuration(RELIST_THRESHOLD)}`;
    if (silent > RELIST_THRESHOLD) errors.push(`PLEG is not healthy: ${seen}`);
    return errors;
  }

  /** For how long the sync loop has not been entered, because the runtime was away for too long; negative while it is. */
  get idle(): Micros {
    if (this.lostAt === undefined) return -1;
    return this.clock.now - this.lastTime(STATUS_PERIOD) - RUNTIME_THRESHOLD;
  }

  /** When something that is done every `period` was last done with success. */
  private lastTime(period: Micros): Micros {
    const lost = this.lostAt ?? this.clock.now;
    return lost - ((lost - this.begun) % period);
  }
}

/** Several errors as one (apimachinery util/errors Aggregate). */
export function aggregate(errors: readonly string[]): string | undefined {
  return errors.length > 1 ? `[${errors.join(", ")}]` : errors[0];
}
