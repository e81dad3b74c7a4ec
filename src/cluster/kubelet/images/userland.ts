import type { Program, ProgramTable } from "../../../machine/define.ts";

/** Programs of a cluster's hosts that no image brings along. */
const hostOnly = new Set(
  `containerd nsenter crictl ctr etcdctl etcdutl helm hostnamectl journalctl kubeadm kubectl kubelet reboot scp ssh sshd su sudo
  sudoedit systemctl vi vim nano view jq yq man loginctl timedatectl shutdown poweroff`.split(/\s+/),
);

/** What busybox has no applet for. */
const notInBusybox = new Set("bash comm column tput file perl rev".split(" "));

/** What no image has by its userland alone: those that have it say so, and busybox has its own. */
const installed = new Set(
  `arp curl dig host ifconfig ip ip6tables ip6tables-save iptables iptables-save ipvsadm lsof nc netstat nft nslookup ping route
  ss stress stress-ng tcpdump telnet tracepath traceroute wget`.split(/\s+/),
);

/** The programs of an image's userland, and the tools that it has beside, out of those that the world's hosts have. */
export function userlandPrograms(
  userland: "debian" | "busybox" | "none",
  tools: readonly string[],
  host: ProgramTable,
): readonly Program[] {
  const all = [...new Set(host.values())];
  const extra = all.filter((program) => tools.includes(program.name));
  if (userland === "none") return extra;
  const wanted = all.filter((program) => !hostOnly.has(program.name) && !extra.includes(program));
  if (userland === "debian") return [...wanted.filter((program) => !installed.has(program.name)), ...extra];
  // Busybox' shell is ash; it runs on the same interpreter here, under the name sh alone.
  const own = wanted.flatMap((program) => {
    if (program.name === "bash") return [{ ...program, name: "sh", also: ["ash"], folder: "/bin" }];
    if (program.busybox) return [{ name: program.name, run: program.busybox, folder: "/bin" }];
    if (installed.has(program.name)) return [];
    return notInBusybox.has(program.name) ? [] : [{ ...program, folder: "/bin" }];
  });
  return [...own, ...extra];
}
