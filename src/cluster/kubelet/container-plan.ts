import type { Container, Pod } from "../../kinds/types/pod.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { copyOfTree } from "../../machine/files/copy-tree.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import { API_SERVICE_PART } from "../api-target.ts";
import type { Agent } from "./define.ts";
import { ConfigError, containerEnvironment, expand } from "./environment.ts";
import { processNamespace } from "./process-namespace.ts";
import { resolvConf } from "./resolv-conf.ts";
import type { ContainerPlan } from "./runtime/container.ts";
import { imageFiles } from "./runtime/image-files.ts";
import type { StoredImage } from "./runtime/image-store.ts";
import type { Sandbox } from "./runtime/runtime.ts";
import { type PodVolumes, type VolumeTree, volumeTree } from "./volumes.ts";

/** Looks everything up that a container is made from. Throws ConfigError. */
export function planContainer(
  agent: Agent,
  pod: Pod,
  spec: Container,
  stored: StoredImage,
  sandbox: Sandbox,
  volumes: PodVolumes,
  attempt: number,
): ContainerPlan {
  const { image } = stored;
  const podIP = sandbox.net.addresses[0] ?? "";
  const env = containerEnvironment(agent.api, pod, spec, image.env ?? {}, agent.facts(podIP));
  const command = spec.command?.map((word) => expand(word, env));
  const args = spec.args?.map((word) => expand(word, env));
  // A command in the spec also replaces the image's cmd (docs: define a command and arguments).
  const argv = command ? [...command, ...(args ?? [])] : [...(image.entrypoint ?? []), ...(args ?? image.cmd ?? [])];
  if (argv.length === 0) throw new ConfigError("no command specified");
  const uid = userOf(pod, spec) ?? image.user ?? 0;
  refuseRoot(pod, spec, uid);
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
    env: withHome(env, uid),
    cwd: spec.workingDir ?? image.workingDir ?? "/",
    credentials: { uid, gid: groupOf(pod, spec), groups: moreGroups(pod) },
    stdin: spec.stdin ?? false,
    stdinOnce: spec.stdinOnce ?? false,
    tty: spec.tty ?? false,
    hostname: pod.spec.hostNetwork ? agent.node : (pod.spec.hostname ?? pod.metadata.name),
    pids: processNamespace(agent, pod, spec),
    parts,
    makeFiles(fill) {
      const files = copyOfTree(agent.host.kernel, imageTree);
      writeOwnFiles(agent, pod, sandbox, files);
      fill(files);
      return files;
    },
    preview: previewOf(imageTree, spec),
    prepare: mountVolumes(agent, pod, spec, volumes, env),
  };
}

function withHome(env: Map<string, string>, uid: number): Map<string, string> {
  if (!env.has("HOME")) env.set("HOME", uid === 0 ? "/root" : "/");
  return env;
}

function userOf(pod: Pod, spec: Container): number | undefined {
  return (spec.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser) as number | undefined;
}

function groupOf(pod: Pod, spec: Container): number {
  return ((spec.securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup) as number | undefined) ?? 0;
}

function moreGroups(pod: Pod): number[] {
  const { fsGroup, supplementalGroups = [] } = (pod.spec.securityContext ?? {}) as {
    fsGroup?: number;
    supplementalGroups?: number[];
  };
  return fsGroup === undefined ? supplementalGroups : [fsGroup, ...supplementalGroups];
}

function refuseRoot(pod: Pod, spec: Container, uid: number): void {
  const nonRoot = spec.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (nonRoot !== true || uid !== 0) return;
  const id = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const explicit = userOf(pod, spec) === 0;
  throw new ConfigError(
    explicit
      ? `container's runAsUser breaks non-root policy (pod: "${id}", container: ${spec.name})`
      : `container has runAsNonRoot and image will run as root (pod: "${id}", container: ${spec.name})`,
  );
}

/** What the kubelet writes into every container, beside its image's files. */
function writeOwnFiles(agent: Agent, pod: Pod, sandbox: Sandbox, files: Files): void {
  const hostname = pod.spec.hostNetwork ? agent.node : (pod.spec.hostname ?? pod.metadata.name);
  files.write("/etc/hostname", `${hostname}\n`, root);
  files.write("/etc/hosts", hostsFile(agent, pod, sandbox, hostname), root);
  files.write("/etc/resolv.conf", resolvConf(agent, pod), root);
}

const kubeletsOwn = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];

/** The image's files for a path that neither the kubelet nor a volume covers, nor anything below it. */
function previewOf(image: Files, spec: Container): (path: string) => Files | undefined {
  const covered = [
    ...(spec.volumeMounts ?? []).map(({ mountPath }) => mountPath.replace(/(?<=.)\/+$/, "")),
    ...kubeletsOwn,
  ];
  const covers = (path: string) =>
    covered.some(
      (place) => place === "/" || path === place || path.startsWith(`${place}/`) || place.startsWith(`${path}/`),
    );
  return (path) => {
    if (covers(path)) return undefined;
    return image.find(path, root) && covers(image.realpath(path, root)) ? undefined : image;
  };
}

/** The hosts file that the kubelet writes (kubelet_pods.go managedHostsFileContent). */
function hostsFile(agent: Agent, pod: Pod, sandbox: Sandbox, hostname: string): string {
  const aliases = (pod.spec.hostAliases ?? []).map((a) => `${a.ip}\t${(a.hostnames ?? []).join("\t")}\n`).join("");
  const more = aliases ? `\n# Entries added by HostAliases.\n${aliases}` : "";
  if (pod.spec.hostNetwork)
    return `# Kubernetes-managed hosts file (host network).\n${agent.host.files.read("/etc/hosts", root)}${more}`;
  const domain = pod.spec.subdomain
    ? `${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace}.svc.${agent.dns.domain}\t${hostname}`
    : hostname;
  return `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nfe00::\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${sandbox.net.addresses[0]}\t${domain}\n${more}`;
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
      let tree = volumes.get(name);
      if (!tree) {
        tree = volumeTree(volume, pod, agent.volumes);
        volumes.set(name, tree);
      }
      mountOne(files, mountPath, copies.get(mountPath) ?? tree, partOf(mount), { readOnly: readOnly === true, name });
    }
  };
}

function mountOne(
  files: Files,
  mountPath: string,
  volume: VolumeTree | Files,
  part: string | undefined,
  { readOnly, name }: { readOnly: boolean; name: string },
): void {
  const { tree, from: base } = "tree" in volume ? volume : { tree: volume, from: "/" };
  const from = part ? `${base === "/" ? "" : base}/${part}` : base;
  if (part && !tree.find(from, root)) tree.mkdir(from, root, { parents: true });
  const place = mountPath.replace(/(?<=.)\/+$/, "");
  makeMountPoint(files, place, tree.find(from, root)?.kind === "file");
  files.mount(place, tree, { from, readOnly, source: name });
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
