import { compareText, goQuote } from "../../base/go-text.ts";
import type { ObjectMeta } from "../types/meta.ts";
import type { Container, ContainerState, ContainerStatus, ResourceRequirements, SeccompProfile } from "../types/pod.ts";
import { writeEnv } from "./env.ts";
import { probeText } from "./probe.ts";
import { dateText } from "./times.ts";
import type { Writer } from "./writer.ts";

/** What describes containers: those of a pod have statuses and its metadata, those of a template stand further in. */
export interface ContainersOf {
  readonly title: string;
  readonly indent: "" | "  ";
  readonly statuses?: readonly ContainerStatus[] | undefined;
  readonly owner?: ObjectMeta | undefined;
}

/** The containers of a pod or of a pod template. */
export function writeContainers(w: Writer, containers: readonly Container[], of: ContainersOf): void {
  w.line(0, `${of.indent}${of.title}:${containers.length === 0 ? " <none>" : ""}`);
  for (const container of containers) {
    const status = of.statuses?.findLast(({ name }) => name === container.name);
    w.line(1, `${of.indent && " "}${container.name}:`);
    writeImageAndPorts(w, container, status);
    writeWords(w, "Command", container.command);
    writeWords(w, "Args", container.args);
    if (status) writeStates(w, status);
    writeResources(w, container.resources, 2);
    if (container.livenessProbe) w.field(2, "Liveness", probeText(container.livenessProbe));
    if (container.readinessProbe) w.field(2, "Readiness", probeText(container.readinessProbe));
    if (container.startupProbe) w.field(2, "Startup", probeText(container.startupProbe));
    writeEnv(w, container, of.owner);
    writeMounts(w, container);
  }
}

function writeImageAndPorts(w: Writer, container: Container, status: ContainerStatus | undefined): void {
  if (status) w.field(2, "Container ID", status.containerID ?? "");
  w.field(2, "Image", container.image ?? "");
  if (status) w.field(2, "Image ID", status.imageID);
  const ports = container.ports ?? [];
  writePorts(
    w,
    "Port",
    ports.map(({ containerPort, protocol = "" }) => `${containerPort}/${protocol}`),
  );
  writePorts(
    w,
    "Host Port",
    ports.map(({ hostPort = 0, protocol = "" }) => `${hostPort}/${protocol}`),
  );
  writeSeccompProfile(w, container.securityContext, 2, 3);
}

function writePorts(w: Writer, title: string, ports: readonly string[]): void {
  if (ports.length > 1) w.field(2, `${title}s`, ports.join(", "));
  else w.field(2, title, ports[0] ?? "<none>");
}

/** How system calls are limited, of a pod or of a container. */
export function writeSeccompProfile(
  w: Writer,
  context: Readonly<Record<string, unknown>> | undefined,
  level: number,
  levelOfFile: number,
): void {
  const profile = context?.seccompProfile as SeccompProfile | undefined;
  if (!profile) return;
  w.field(level, "SeccompProfile", profile.type);
  if (profile.type === "Localhost") w.field(levelOfFile, "LocalhostProfile", profile.localhostProfile ?? "");
}

function writeWords(w: Writer, title: string, words: readonly string[] | undefined): void {
  if (!words?.length) return;
  w.line(2, `${title}:`);
  for (const word of words) for (const part of word.split("\n")) w.line(3, part);
}

function writeStates(w: Writer, { state, lastState, ready, restartCount }: ContainerStatus): void {
  writeState(w, "State", state);
  if (lastState?.terminated) writeState(w, "Last State", lastState);
  w.field(2, "Ready", ready ? "True" : "False");
  w.field(2, "Restart Count", restartCount);
}

function writeState(w: Writer, title: string, { running, waiting, terminated }: ContainerState = {}): void {
  if (running) {
    w.field(2, title, "Running");
    w.field(3, "Started", dateText(running.startedAt));
  } else if (waiting || !terminated) {
    w.field(2, title, "Waiting");
    if (waiting?.reason) w.field(3, "Reason", waiting.reason);
  } else {
    w.field(2, title, "Terminated");
    if (terminated.reason) w.field(3, "Reason", terminated.reason);
    if (terminated.message) w.field(3, "Message", terminated.message);
    w.field(3, "Exit Code", terminated.exitCode);
    if (terminated.signal) w.field(3, "Signal", terminated.signal);
    w.field(3, "Started", dateText(terminated.startedAt));
    w.field(3, "Finished", dateText(terminated.finishedAt));
  }
}

/** Limits and requests. */
export function writeResources(w: Writer, resources: ResourceRequirements | undefined, level: number): void {
  writeAmounts(w, "Limits", resources?.limits, level);
  writeAmounts(w, "Requests", resources?.requests, level);
}

function writeAmounts(w: Writer, title: string, list: Readonly<Record<string, string>> = {}, level: number): void {
  const names = Object.keys(list).sort(compareText);
  if (names.length > 0) w.line(level, `${title}:`);
  for (const name of names) w.field(level + 1, name, list[name] ?? "");
}

function writeMounts(w: Writer, { volumeMounts = [], volumeDevices = [] }: Container): void {
  const none = volumeMounts.length === 0 ? "\t<none>" : "";
  w.line(2, `Mounts:${none}`);
  for (const { mountPath, name, readOnly, subPath } of volumeMounts.toSorted((a, b) =>
    compareText(a.mountPath, b.mountPath),
  )) {
    const flags = `${readOnly ? "ro" : "rw"}${subPath ? `,path=${goQuote(subPath)}` : ""}`;
    w.line(3, `${mountPath} from ${name} (${flags})`);
  }
  if (volumeDevices.length === 0) return;
  w.line(2, `Devices:${none}`);
  for (const { devicePath, name } of volumeDevices.toSorted((a, b) => compareText(a.devicePath, b.devicePath)))
    w.line(3, `${devicePath} from ${name}`);
}
