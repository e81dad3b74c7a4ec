import { type Clock, SECOND } from "../../base/clock.ts";
import type { HttpResponse } from "../../base/http.ts";
import { Stream } from "../../base/stream.ts";
import { parseRfc3339, rfc3339 } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { PodAgent } from "./pod-agent.ts";
import type { RuntimeContainer } from "./runtime/container.ts";
import type { LogEntry, LogFile } from "./runtime/log-file.ts";

/** What a log request asks for (PodLogOptions). */
interface Asked {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly since: number;
  readonly tail: number | undefined;
  readonly limit: number;
}

/** GET …/log: a container's output, as far as the kubelet has it. Throws Status BadRequest as the real one words it. */
export function logResponse(pods: PodAgent, pod: KubeObject, query: URLSearchParams, clock: Clock): HttpResponse {
  const container = containerOf(pods, pod, query);
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const sinceSeconds = number("sinceSeconds");
  const sinceTime = query.get("sinceTime");
  const asked: Asked = {
    follow: query.get("follow") === "true" && query.get("previous") !== "true",
    timestamps: query.get("timestamps") === "true",
    since: sinceSeconds !== undefined ? clock.now - sinceSeconds * SECOND : (sinceTime && parseRfc3339(sinceTime)) || 0,
    tail: number("tailLines"),
    limit: number("limitBytes") ?? Number.POSITIVE_INFINITY,
  };
  const stream = new Stream<string>();
  send(container.log, asked, stream);
  return { status: 200, headers: { "content-type": "text/plain" }, stream };
}

function containerOf(pods: PodAgent, pod: KubeObject, query: URLSearchParams): RuntimeContainer {
  const worker = pods.worker(pod.metadata.namespace ?? "", pod.metadata.name);
  const name = query.get("container") ?? "";
  const slot = worker?.slots.find((s) => s.spec.name === name);
  const previous = query.get("previous") === "true";
  const waiting = slot?.waiting;
  const current = slot?.current;
  if (previous) {
    const ended = current?.state === "exited" && waiting ? current : slot?.previous;
    if (ended) return ended;
    throw new Status("BadRequest", `previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  if (current && !(waiting?.reason === "RunContainerError")) return current;
  const why = waiting
    ? waitingWords(waiting.reason)
    : slot?.role === "main" && worker?.pod.spec.initContainers?.length
      ? "PodInitializing"
      : "ContainerCreating";
  throw new Status("BadRequest", `container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${why}`);
}

/** Image failures are told in their own words (pkg/kubelet/kubelet_pods.go validateContainerLogStatus, 1.35). */
function waitingWords(reason: string): string {
  if (reason === "ErrImagePull") return "image can't be pulled";
  return reason === "ImagePullBackOff" ? "trying and failing to pull image" : reason;
}

function send(log: LogFile, asked: Asked, stream: Stream<string>): void {
  let left = asked.limit;
  const show = (entry: LogEntry, from: number) => {
    const stamp = asked.timestamps && from === 0 ? `${nanoTime(entry.at)} ` : "";
    const text = (stamp + entry.text.slice(from)).slice(0, left);
    left -= text.length;
    if (text !== "") stream.push(text);
  };
  const recent = log.entries.filter((entry) => entry.at >= asked.since);
  const first = asked.tail === undefined ? recent : asked.tail <= 0 ? [] : recent.slice(-asked.tail);
  for (const entry of first) show(entry, 0);
  let next = log.dropped + log.entries.length;
  let shown = 0;
  const last = log.entries.at(-1);
  if (last && !last.text.endsWith("\n")) {
    next--;
    shown = first.includes(last) ? last.text.length : 0;
  }
  const pump = () => {
    if (stream.closed) return;
    // A new file was begun meanwhile.
    if (next < log.dropped) shown = 0;
    next = Math.max(next, log.dropped);
    for (let entry = log.entries[next - log.dropped]; entry; entry = log.entries[next - log.dropped]) {
      if (entry.text.length > shown) show(entry, shown);
      shown = entry.text.length;
      if (!entry.text.endsWith("\n")) break;
      next++;
      shown = 0;
    }
    if (log.closed || left <= 0) stream.close();
    else log.changed.add(pump);
  };
  if (asked.follow) pump();
  else stream.close();
}

/** A log line's time: RFC 3339 with nanoseconds, trailing zeros kept as the CRI writes them. */
function nanoTime(at: number): string {
  return rfc3339(at).replace("Z", `.${String(at % SECOND).padStart(6, "0")}000Z`);
}
