import type { Problem } from "../define.ts";
import { absent, forbidden, required, unsupported, wrong } from "../problem.ts";
import type { Container, Volume, VolumeMount } from "../types/pod.ts";
import { checkNoBacksteps, checkRelative } from "./paths.ts";

// kubernetes pkg/apis/core/validation ValidateVolumeMounts, ValidateVolumeDevices, 1.35.

interface Device {
  name: string;
  devicePath: string;
}

/** Where a container has its volumes. */
export function checkMounts(
  container: Container,
  volumes: ReadonlyMap<string, Volume>,
  path: string,
  problems: Problem[],
): void {
  const devices = ((container as { volumeDevices?: Device[] }).volumeDevices ?? []) as readonly Device[];
  const places = new Set<string>();
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const at = `${path}.volumeMounts[${index}]`;
    if (!mount.name) problems.push(required(`${at}.name`));
    if (!volumes.has(mount.name)) problems.push(absent(`${at}.name`, mount.name ?? ""));
    if (!mount.mountPath) problems.push(required(`${at}.mountPath`));
    if (places.has(mount.mountPath)) problems.push(wrong(`${at}.mountPath`, mount.mountPath, "must be unique"));
    places.add(mount.mountPath);
    if (devices.some(({ name }) => name === mount.name))
      problems.push(wrong(`${at}.name`, mount.name, "must not already exist in volumeDevices"));
    if (devices.some(({ devicePath }) => devicePath === mount.mountPath))
      problems.push(wrong(`${at}.mountPath`, mount.mountPath, "must not already exist as a path in volumeDevices"));
    checkSubPaths(mount, at, `${path}.volumeMounts`, problems);
    checkPropagation(mount, container, `${path}.volumeMounts.mountPropagation`, problems);
  }
  checkDevices(devices, volumes, container, path, problems);
}

function checkSubPaths(mount: VolumeMount, at: string, list: string, problems: Problem[]): void {
  if (mount.subPath) checkRelative(mount.subPath, `${list}.subPath`, problems);
  if (!mount.subPathExpr) return;
  if (mount.subPath) {
    const detail = "subPathExpr and subPath are mutually exclusive";
    problems.push(wrong(`${at}.subPathExpr`, mount.subPathExpr, detail));
  }
  checkRelative(mount.subPathExpr, `${list}.subPathExpr`, problems);
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function checkPropagation(mount: VolumeMount, container: Container, path: string, problems: Problem[]): void {
  const mode = mount.mountPropagation;
  if (mode === undefined) return;
  if (!propagations.includes(mode)) problems.push(unsupported(path, mode, propagations));
  if (mode === "Bidirectional" && container.securityContext?.privileged !== true)
    problems.push(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"));
}

function checkDevices(
  devices: readonly Device[],
  volumes: ReadonlyMap<string, Volume>,
  container: Container,
  path: string,
  problems: Problem[],
): void {
  for (const [index, { name, devicePath }] of devices.entries()) {
    const at = `${path}.volumeDevices[${index}]`;
    const volume = volumes.get(name);
    if (!name) problems.push(required(`${at}.name`));
    if (!volume) problems.push(absent(`${at}.name`, name ?? ""));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      problems.push(wrong(`${at}.name`, name, detail));
    }
    if (!devicePath) problems.push(required(`${at}.devicePath`));
    else checkNoBacksteps(devicePath, `${at}.devicePath`, problems);
    if (devices.slice(0, index).some((other) => other.devicePath === devicePath))
      problems.push(wrong(`${at}.devicePath`, devicePath, "must be unique"));
    if (container.volumeMounts?.some((mount) => mount.name === name))
      problems.push(wrong(`${at}.name`, name, "must not already exist in volumeMounts"));
    if (container.volumeMounts?.some((mount) => mount.mountPath === devicePath))
      problems.push(wrong(`${at}.devicePath`, devicePath, "must not already exist as a path in volumeMounts"));
  }
}
