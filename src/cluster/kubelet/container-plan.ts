import { goQuote } from "../../base/go-text.ts";
import type { Container, Pod, Volume } from "../../kinds/types/pod.ts";
import { type Signal, signalNumbers } from "../../machine/define.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { copyOfTree } from "../../machine/files/copy-tree.ts";
import { createFiles, makeReadOnly, writtenTo } from "../../machine/files/create-files.ts";
import { API_SERVICE_PART } from "../api-target.ts";
import { kubeletsOwn, mountTerminationLog, writeControlGroup, writeOwnFiles } from "./container-files.ts";
import type { Agent } from "./define.ts";
import { ConfigError, containerEnvironment, expand, type FileInVolume } from "./environment.ts";
import { mountFault } from "./mount-fault.ts";
import { podHostname } from "./pod-hostname.ts";
import { processNamespace } from "./process-namespace.ts";
import type { ContainerPlan } from "./runtime/container.ts";
import { imageFiles } from "./runtime/image-files.ts";
import type { StoredImage } from "./runtime/image-store.ts";
import type { Sandbox } from "./runtime/runtime.ts";
import { credentialsOf, hasReadOnlyRoot } from "./security.ts";
import type { Slot } from "./slot.ts";
import { type PodVolumes, type VolumeTree, volumeTree } from "./volumes.ts";

/** Looks everything up that a container is made from. Throws ConfigError. */
export function planContainer(
  agent: Agent,
  pod: Pod,
  slot: Slot,
  stored: StoredImage,
  sandbox: Sandbox,
  volumes: PodVolumes,
  attempt: number,
): ContainerPlan {
  const { image } = stored;
  const { spec } = slot;
  let said: Files | undefined;
  const files = (name: string, path: string) => fileInVolume(agent, pod, volumes, name, path);
  const env = containerEnvironment(agent.api, pod, spec, image.env ?? {}, agent.facts(sandbox.net.addresses), files);
  if (!image.env?.HOSTNAME && !spec.env?.some(({ name }) => name === "HOSTNAME"))
    env.set("HOSTNAME", podHostname(agent, pod).kernel);
  const command = spec.command?.map((word) => expand(word, env));
  const args = spec.args?.map((word) => expand(word, env));
  // A command in the spec also replaces the image's cmd (docs: define a command and arguments).
  const argv = command ? [...command, ...(args ?? [])] : [...(image.entrypoint ?? []), ...(args ?? image.cmd ?? [])];
  if (argv.length === 0) throw new ConfigError("no command specified");
  const credentials = credentialsOf(pod, spec, image.user);
  const apiHost = env.get("KUBERNETES_SERVICE_HOST");
  const parts = new Map<string, unknown>([["image", `${stored.name.repository}:${stored.name.tag ?? ""}`]]);
  if (apiHost)
    parts.set(API_SERVICE_PART, { address: apiHost, port: Number(env.get("KUBERNETES_SERVICE_PORT") ?? 443) });
  const imageTree = imageFiles(stored, agent.host.programs);
  return {
    name: spec.name,
    attempt,
    stored,
    image: spec.image ?? "",
    argv,
    env: withHome(env, credentials.uid),
    cwd: spec.workingDir ?? image.workingDir ?? "/",
    credentials,
    stdin: spec.stdin ?? false,
    stdinOnce: spec.stdinOnce ?? false,
    tty: spec.tty ?? false,
    hostname: podHostname(agent, pod).kernel,
    pids: processNamespace(agent, pod, spec),
    parts,
    allocated: slot.allocated,
    fault: mountFault(pod, spec, imageTree, volumes, (mount) =>
      mount.subPathExpr ? expand(mount.subPathExpr, env) : mount.subPath,
    ),
    logs: agent.logs,
    stopSignal: stopSignalOf(spec) ?? image.stopSignal,
    tmpfs: tmpfsOf(pod, spec, volumes),
    makeFiles(fill) {
      const files = copyOfTree(agent.host.kernel, imageTree, { on: agent.host.files, type: "overlay" });
      writeOwnFiles(agent, pod, spec, sandbox, files, credentials);
      writeControlGroup(
        files,
        () => slot.current,
        () => slot.actual.limits?.cpu,
      );
      fill(files);
      said = mountTerminationLog(agent, files, spec.terminationMessagePath ?? "/dev/termination-log");
      if (hasReadOnlyRoot(spec)) makeReadOnly(files);
      return files;
    },
    lastWords: () => said?.read("/termination-log", root) ?? "",
    preview: hasReadOnlyRoot(spec) ? () => undefined : previewOf(imageTree, spec),
    prepare: mountVolumes(agent, pod, spec, volumes, env),
  };
}

/** A file of a volume that the container need not have mounted. */
function fileInVolume(
  agent: Agent,
  pod: Pod,
  volumes: PodVolumes,
  name: string,
  path: string,
): ReturnType<FileInVolume> {
  const volume = pod.spec.volumes?.find((one) => one.name === name);
  if (!volume) throw new ConfigError(`cannot find the volume ${goQuote(name)} referenced by FileKeyRef`);
  const { tree, from } = madeVolume(agent, pod, volumes, volume);
  const place = `${from === "/" ? "" : from}/${path}`;
  const shown = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~empty-dir/${name}/${path}`;
  return tree.find(place, root)?.kind === "file" ? { path: shown, text: tree.read(place, root) } : { path: shown };
}

function madeVolume(agent: Agent, pod: Pod, volumes: PodVolumes, volume: Volume): VolumeTree {
  const made = volumes.get(volume.name);
  if (made) return made;
  const tree = volumeTree(volume, pod, agent.volumes);
  volumes.set(volume.name, tree);
  return tree;
}

function withHome(env: Map<string, string>, uid: number): Map<string, string> {
  if (!env.has("HOME")) env.set("HOME", uid === 0 ? "/root" : "/");
  return env;
}

/** The image's files for a path that neither the kubelet nor a volume covers, nor anything below it. */
function previewOf(image: Files, spec: Container): (path: string) => Files | undefined {
  const covered = [
    ...(spec.volumeMounts ?? []).map(({ mountPath }) => mountPath.replace(/(?<=.)\/+$/, "")),
    ...kubeletsOwn,
  ];
  const covers = (path: string) => covered.some((place) => place === "/" || isIn(path, place) || isIn(place, path));
  return (path) => {
    if (covers(path)) return undefined;
    const real = realPath(image, path);
    return real !== undefined && real !== path && covers(real) ? undefined : image;
  };
}

/** Whether a path is a folder or lies below it. */
function isIn(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === "/");
}

const MOST_PATHS = 1000;
/** Where paths of images lead: an image's tree does not change. */
const realPaths = new WeakMap<Files, Map<string, string | undefined>>();

/** Where a path of an image leads; undefined where nothing is. */
function realPath(image: Files, path: string): string | undefined {
  let known = realPaths.get(image);
  if (!known) {
    known = new Map();
    realPaths.set(image, known);
  }
  if (known.has(path)) return known.get(path);
  const real = image.find(path, root) ? image.realpath(path, root) : undefined;
  if (known.size >= MOST_PATHS) known.clear();
  known.set(path, real);
  return real;
}

/** Mounts the container's volumes, when somebody looks. */
function mountVolumes(
  agent: Agent,
  pod: Pod,
  spec: Container,
  volumes: PodVolumes,
  env: ReadonlyMap<string, string>,
): (files: Files) => void {
  const mounts = [...(spec.volumeMounts ?? [])].sort((a, b) => a.mountPath.length - b.mountPath.length);
  const partOf = (mount: (typeof mounts)[number]) =>
    mount.subPathExpr ? expand(mount.subPathExpr, env) : mount.subPath;
  // A part of a volume that may change stays what it is at the container's start.
  const copies = new Map<string, Files>();
  for (const mount of mounts) {
    const volume = volumes.get(mount.name);
    const part = partOf(mount);
    if (part && volume?.refresh) copies.set(mount.mountPath, copyOfFile(agent, volume.tree, `/${part}`));
  }
  return (files) => {
    for (const mount of mounts) {
      const { name, mountPath, readOnly } = mount;
      const volume = pod.spec.volumes?.find((v) => v.name === name);
      if (!volume) continue;
      const tree = madeVolume(agent, pod, volumes, volume);
      // What the kubelet writes itself nobody else changes, whatever the mount says.
      const { configMap, secret, projected, downwardAPI, image } = volume;
      const written = configMap ?? secret ?? projected ?? downwardAPI ?? image;
      const shown = copies.has(mountPath) ? { ...tree, tree: copies.get(mountPath) ?? tree.tree, from: "/" } : tree;
      mountOne(files, mountPath, shown, partOf(mount), readOnly === true || written !== undefined);
    }
  };
}

function mountOne(
  files: Files,
  mountPath: string,
  { tree, from: base, type, source = type }: VolumeTree,
  part: string | undefined,
  readOnly: boolean,
): void {
  const from = part ? `${base === "/" ? "" : base}/${part}` : base;
  if (part && !tree.find(from, root)) tree.mkdir(from, root, { parents: true });
  const place = mountPath.replace(/(?<=.)\/+$/, "");
  makeMountPoint(files, place, (tree.find(from, root)?.kind ?? "directory") !== "directory");
  files.mount(place, tree, { from, readOnly, ...(source ? { source } : {}), ...(type ? { type } : {}) });
}

function copyOfFile(agent: Agent, from: Files, path: string): Files {
  const copy = createFiles(agent.host.kernel);
  const found = from.find(path, root);
  if (found?.kind !== "file") return from;
  copy.mkdir(path.slice(0, path.lastIndexOf("/")) || "/", root, { parents: true });
  copy.write(path, from.read(path, root), root);
  copy.chmod(path, found.mode, root);
  return copy;
}

/** The runtime makes the place for a mount where the image has none. */
function makeMountPoint(files: Files, path: string, isFile: boolean): void {
  if (files.find(path, root)) return;
  const folder = path.replace(/\/[^/]*$/, "");
  if (!isFile) files.mkdir(path, root, { parents: true });
  else {
    if (folder !== "") files.mkdir(folder, root, { parents: true });
    files.write(path, "", root);
  }
}

function stopSignalOf({ lifecycle }: Container): Signal | undefined {
  const name = lifecycle?.stopSignal?.replace(/^SIG/, "");
  return name !== undefined && name in signalNumbers ? (name as Signal) : undefined;
}

/** What lies in the pod's volumes in memory counts for the first container that mounts them. */
function tmpfsOf(pod: Pod, spec: Container, volumes: PodVolumes): (() => number) | undefined {
  const own = (pod.spec.volumes ?? []).filter(
    ({ name, emptyDir }) =>
      emptyDir?.medium === "Memory" &&
      pod.spec.containers.find((c) => c.volumeMounts?.some((mount) => mount.name === name))?.name === spec.name,
  );
  if (own.length === 0) return undefined;
  return () =>
    own.reduce((sum, { name }) => {
      const volume = volumes.get(name);
      return sum + (volume ? writtenTo(volume.tree) : 0);
    }, 0);
}
