import { milliValue } from "../../base/quantity.ts";
import type { Container, Pod } from "../../kinds/types/pod.ts";
import { allCapabilities, capabilityMask } from "../../machine/capabilities.ts";
import type { Credentials } from "../../machine/define.ts";
import { type Files, root } from "../../machine/define-files.ts";
import { createFiles } from "../../machine/files/create-files.ts";
import type { Agent } from "./define.ts";
import { podHostname } from "./pod-hostname.ts";
import { podDns } from "./resolv-conf.ts";
import type { RuntimeContainer } from "./runtime/container.ts";
import type { Sandbox } from "./runtime/runtime.ts";
import { capabilitiesOf, mayGainRights } from "./security.ts";
import { memoryOf } from "./usage/memory.ts";

export const kubeletsOwn = ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc", "/sys", "/dev"];

/** What the kubelet and the runtime put into every container, beside its image's files. */
export function writeOwnFiles(
  agent: Agent,
  pod: Pod,
  spec: Container,
  sandbox: Sandbox,
  files: Files,
  credentials: Credentials,
): void {
  files.write("/etc/hostname", `${podHostname(agent, pod).kernel}\n`, root);
  files.write("/etc/hosts", hostsFile(agent, pod, sandbox), root);
  files.write("/etc/resolv.conf", podDns(agent, pod).text, root);
  writeProcess(files, pod, spec, credentials);
  const sysctls = (pod.spec.securityContext?.sysctls ?? []) as readonly { name: string; value: string }[];
  for (const { name, value } of sysctls) {
    const path = `/proc/sys/${name.replaceAll(".", "/")}`;
    files.mkdir(path.slice(0, path.lastIndexOf("/")), root, { parents: true });
    files.write(path, `${value}\n`, root, { mode: 0o644 });
  }
}

/** /proc/1/status, as far as identity and rights go: the first process and those that are started beside it have the same. */
function writeProcess(files: Files, pod: Pod, spec: Container, credentials: Credentials): void {
  const text = () => processStatus(pod, spec, credentials);
  for (const process of ["1", "self"]) {
    const path = `/proc/${process}`;
    if (!files.find(path, root)) files.mkdir(path, root, { parents: true });
    files.live(`${path}/status`, text);
  }
}

function processStatus(pod: Pod, spec: Container, { uid, gid, groups, capabilities }: Credentials): string {
  const bounding = capabilityMask(capabilitiesOf(spec));
  const effective = capabilityMask(capabilities ?? allCapabilities);
  return [
    ["Uid", Array(4).fill(uid).join("\t")],
    ["Gid", Array(4).fill(gid).join("\t")],
    ["Groups", `${[...new Set([gid, ...groups])].join(" ")} `],
    ["CapInh", "0".repeat(16)],
    ["CapPrm", effective],
    ["CapEff", effective],
    ["CapBnd", bounding],
    ["CapAmb", "0".repeat(16)],
    ["NoNewPrivs", mayGainRights(spec) ? "0" : "1"],
    ["Seccomp", hasSeccomp(pod, spec) ? "2" : "0"],
  ]
    .map(([name, value]) => `${name}:\t${value}\n`)
    .join("");
}

function hasSeccomp(pod: Pod, spec: Container): boolean {
  if (spec.securityContext?.privileged === true) return false;
  const profile = (spec.securityContext?.seccompProfile ?? pod.spec.securityContext?.seccompProfile) as
    | { type?: string }
    | undefined;
  return profile !== undefined && profile.type !== "Unconfined";
}

/** The container's own control group as it sees it (cgroup v2). */
export function writeControlGroup(
  files: Files,
  container: () => RuntimeContainer | undefined,
  cpu: () => string | undefined,
): void {
  const folder = "/sys/fs/cgroup";
  files.mkdir(folder, root, { parents: true });
  const limit = () => container()?.memoryLimit;
  files.live(`${folder}/memory.max`, () => `${limit() ?? "max"}\n`);
  files.live(`${folder}/memory.current`, () => {
    const own = container();
    return `${own ? memoryOf(own) : 0}\n`;
  });
  files.live(`${folder}/cpu.max`, () => {
    const cores = cpu();
    return `${cores === undefined ? "max" : milliValue(cores) * 100} 100000\n`;
  });
}

/** The file that a container may leave its last words in: it lies on the node, whatever the container's root is. */
export function mountTerminationLog(agent: Agent, files: Files, path: string): Files {
  const log = createFiles(agent.host.kernel);
  log.write("/termination-log", "", root, { mode: 0o666 });
  log.chmod("/termination-log", 0o666, root);
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  if (!files.find(folder, root)) files.mkdir(folder, root, { parents: true });
  if (!files.find(path, root)) files.write(path, "", root);
  if (files.find(path, root)?.kind === "file") files.mount(path, log, { from: "/termination-log" });
  return log;
}

/** The hosts file that the kubelet writes (kubelet_pods.go managedHostsFileContent). */
function hostsFile(agent: Agent, pod: Pod, sandbox: Sandbox): string {
  const aliases = (pod.spec.hostAliases ?? []).map((a) => `${a.ip}\t${(a.hostnames ?? []).join("\t")}\n`).join("");
  const more = aliases ? `\n# Entries added by HostAliases.\n${aliases}` : "";
  if (pod.spec.hostNetwork)
    return `# Kubernetes-managed hosts file (host network).\n${agent.host.files.read("/etc/hosts", root)}${more}`;
  const { hostname, full } = podHostname(agent, pod);
  const domain = full === undefined ? hostname : `${full}\t${hostname}`;
  const own = sandbox.net.addresses.map((address) => `${address}\t${domain}\n`).join("");
  return `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nfe00::\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${own}${more}`;
}
