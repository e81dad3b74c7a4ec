import type { Timer } from "../../base/clock.ts";
import type { HttpRequest } from "../../base/http.ts";
import type { Container, Probe } from "../../kinds/types/pod.ts";
import { Errno, type OpenFile } from "../../machine/define.ts";
import type { Machine } from "../../machine/machine.ts";
import { textWriter } from "../../machine/text-files.ts";
import { type RuntimeContainer, startFailure } from "./runtime/container.ts";

type ProbeKind = "startup" | "readiness" | "liveness";

/** How a probe went: undefined is success. `broken`: it could not be run at all. */
type Failure = { readonly output: string; readonly broken?: boolean } | undefined;

/** What the probes of a container tell the kubelet. */
export interface ProbeNews {
  /** Readiness or startup changed. */
  changed(): void;
  /** A probe failed; `fatal` when the container has to go. */
  failed(kind: ProbeKind, failure: { output: string; broken?: boolean }, fatal: boolean): void;
}

/** The probes of one running container (pkg/kubelet/prober/worker.go, 1.35), each on its own period. */
export class ProbeRunner {
  ready: boolean;
  started: boolean;
  private readonly spec: Container;
  private readonly container: RuntimeContainer;
  private readonly host: Machine;
  private readonly news: ProbeNews;
  private readonly counts = new Map<ProbeKind, { good: number; bad: number }>();
  private readonly timers = new Set<Timer>();
  private stopped = false;

  constructor(spec: Container, container: RuntimeContainer, host: Machine, news: ProbeNews) {
    this.spec = spec;
    this.container = container;
    this.host = host;
    this.news = news;
    this.started = !spec.startupProbe;
    this.ready = this.started && !spec.readinessProbe;
  }

  start(): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    if (startupProbe) this.schedule("startup", startupProbe, startupProbe.initialDelaySeconds ?? 0);
    if (readinessProbe) this.schedule("readiness", readinessProbe, readinessProbe.initialDelaySeconds ?? 0);
    if (livenessProbe) this.schedule("liveness", livenessProbe, livenessProbe.initialDelaySeconds ?? 0);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
  }

  private schedule(kind: ProbeKind, probe: Probe, seconds: number): void {
    if (this.stopped) return;
    const timer = this.host.kernel.clock.after(Math.max(seconds, 0.001), () => {
      this.timers.delete(timer);
      this.round(kind, probe);
    });
    this.timers.add(timer);
  }

  private round(kind: ProbeKind, probe: Probe): void {
    if (this.stopped || this.container.state !== "running") return;
    const again = () => this.schedule(kind, probe, probe.periodSeconds ?? 10);
    // Startup rests once it has succeeded; the others rest until then.
    if (kind === "startup" ? this.started : !this.started) {
      if (kind !== "startup") again();
      return;
    }
    this.run(probe, (failure) => {
      if (this.stopped) return;
      this.count(kind, probe, failure);
      again();
    });
  }

  private count(kind: ProbeKind, probe: Probe, failure: Failure): void {
    const counts = this.counts.get(kind) ?? { good: 0, bad: 0 };
    this.counts.set(kind, counts);
    if (failure) {
      counts.good = 0;
      counts.bad++;
      const fatal = counts.bad >= (probe.failureThreshold ?? 3);
      this.news.failed(kind, failure, fatal && kind !== "readiness");
      if (fatal && kind === "readiness") this.setReady(false);
      return;
    }
    counts.bad = 0;
    counts.good++;
    if (counts.good < (probe.successThreshold ?? 1)) return;
    if (kind === "readiness") this.setReady(true);
    if (kind === "startup") {
      this.started = true;
      this.setReady(!this.spec.readinessProbe);
      this.news.changed();
    }
  }

  private setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    this.news.changed();
  }

  private run(probe: Probe, done: (failure: Failure) => void): void {
    if (probe.exec) this.exec(probe.exec.command ?? [], probe.timeoutSeconds ?? 1, done);
    else if (probe.httpGet) this.httpGet(probe.httpGet, probe.timeoutSeconds ?? 1, done);
    else if (probe.tcpSocket) done(this.tcp(probe.tcpSocket.host, probe.tcpSocket.port));
    else if (probe.grpc) this.grpc(probe.grpc, probe.timeoutSeconds ?? 1, done);
    else done(undefined);
  }

  /** A port given by number or by the name of a container port. */
  private port(port: number | string): number | undefined {
    const found = typeof port === "number" ? port : this.spec.ports?.find((p) => p.name === port)?.containerPort;
    return found ?? (/^\d+$/.test(String(port)) ? Number(port) : undefined);
  }

  private address(host: string | undefined): string {
    return host || this.container.sandbox.net.addresses[0] || "";
  }

  /** An answer that takes its time is waited for, but for no longer than the probe's timeout. */
  private httpGet(get: NonNullable<Probe["httpGet"]>, seconds: number, done: (failure: Failure) => void): void {
    const { failure, after = 0 } = this.fetched(get);
    if (after === 0) {
      done(failure);
      return;
    }
    const timer = this.host.kernel.clock.after(Math.min(after, seconds), () => {
      this.timers.delete(timer);
      const late = `Get "${this.urlOf(get)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
      done(after > seconds ? { output: late } : failure);
    });
    this.timers.add(timer);
  }

  private urlOf(get: NonNullable<Probe["httpGet"]>): string {
    const path = get.path?.startsWith("/") ? get.path : `/${get.path ?? ""}`;
    return `${(get.scheme ?? "HTTP").toLowerCase()}://${this.address(get.host)}:${this.port(get.port)}${path}`;
  }

  private fetched(get: NonNullable<Probe["httpGet"]>): {
    readonly failure: Failure;
    readonly after?: number | undefined;
  } {
    const fault = (output: string) => ({ failure: { output } });
    const port = this.port(get.port);
    if (port === undefined)
      return { failure: { output: `couldn't find port: ${JSON.stringify(get.port)}`, broken: true } };
    const address = this.address(get.host);
    const path = get.path?.startsWith("/") ? get.path : `/${get.path ?? ""}`;
    const url = this.urlOf(get);
    const dialled = this.host.network.dial(this.host, address, port);
    if ("failed" in dialled)
      return fault(
        dialled.failed === "timeout"
          ? `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
          : `Get "${url}": dial tcp ${address}:${port}: connect: connection refused`,
      );
    const { tls } = dialled.listener;
    if (get.scheme === "HTTPS" && !tls) return fault(`Get "${url}": http: server gave HTTP response to HTTPS client`);
    // Go's TLS server says so to a client that speaks HTTP.
    if (get.scheme !== "HTTPS" && tls) return fault("HTTP probe failed with statuscode: 400");
    const headers: Record<string, string> = { host: `${address}:${port}`, "user-agent": "kube-probe/1.35" };
    for (const { name, value } of get.httpHeaders ?? []) headers[name.toLowerCase()] = value;
    const request: HttpRequest = { method: "GET", path, headers, from: this.host.net.addresses[0] };
    const answer = dialled.listener.http?.(request);
    if (!answer) return fault(`Get "${url}": EOF`);
    const { status, after } = answer;
    const isFine = status >= 200 && status < 400;
    return { failure: isFine ? undefined : { output: `HTTP probe failed with statuscode: ${status}` }, after };
  }

  private tcp(host: string | undefined, wanted: number | string): Failure {
    const port = this.port(wanted);
    if (port === undefined) return { output: `couldn't find port: ${JSON.stringify(wanted)}`, broken: true };
    const address = this.address(host);
    const dialled = this.host.network.dial(this.host, address, port);
    if ("listener" in dialled) return undefined;
    const why = dialled.failed === "refused" ? "connect: connection refused" : "i/o timeout";
    return { output: `dial tcp ${address}:${port}: ${why}` };
  }

  /** Who does not speak gRPC is waited for until the time is over (pkg/probe/grpc, 1.35). */
  private grpc(
    { port, service = "" }: NonNullable<Probe["grpc"]>,
    seconds: number,
    done: (failure: Failure) => void,
  ): void {
    const address = this.address(undefined);
    const dialled = this.host.network.dial(this.host, address, port);
    const health = "listener" in dialled ? dialled.listener.grpcHealth : undefined;
    if (!health) {
      const output = `timeout: failed to connect service "${address}:${port}" within ${seconds}s: context deadline exceeded`;
      const timer = this.host.kernel.clock.after(seconds, () => {
        this.timers.delete(timer);
        done({ output });
      });
      this.timers.add(timer);
      return;
    }
    const status = health(service);
    if (status === "SERVING") done(undefined);
    else if (status) done({ output: `service unhealthy (responded with "${status}")` });
    else done({ output: "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service" });
  }

  private exec(command: readonly string[], seconds: number, done: (failure: Failure) => void): void {
    let output = "";
    const sink = textWriter((text) => {
      // The kubelet keeps 10 KiB of a probe's output.
      if (output.length < 10_240) output += text;
    });
    const nothing: OpenFile = { kind: "device", refs: 0, read: () => undefined };
    try {
      const proc = this.container.exec(command, {
        fds: new Map([
          [0, nothing],
          [1, sink],
          [2, sink],
        ]),
      });
      const timer = this.host.kernel.clock.after(seconds, () => {
        proc.onEnd = undefined;
        proc.signal("KILL");
        done({ output: `command timed out: "${command.join(" ")}" timed out after ${seconds}s` });
      });
      proc.onEnd = () => {
        timer.cancel();
        done(proc.status === 0 ? undefined : { output });
      };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      done({
        output: startFailure(command[0] ?? "", error).replace(
          /^failed to create containerd task: failed to create shim task: /,
          "",
        ),
      });
    }
  }
}
