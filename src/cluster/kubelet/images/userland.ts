import type { Program, ProgramTable } from "../../../machine/define.ts";

/** Programs of a cluster's hosts that no image brings along. */
const hostOnly = new Set(
  `containerd crictl ctr etcdctl etcdutl helm hostnamectl journalctl kubeadm kubectl kubelet reboot scp ssh sshd su sudo
  sudoedit systemctl vi vim nano view jq yq man loginctl timedatectl shutdown poweroff`.split(/\s+/),
);

/** What busybox has no applet for. */
const notInBusybox = new Set("bash comm column tput file perl rev".split(" "));

/** The programs of an image's userland, out of those that the world's hosts have. */
export function userlandPrograms(userland: "debian" | "busybox" | "none", host: ProgramTable): readonly Program[] {
  if (userland === "none") return [];
  const all = new Set(host.values());
  const wanted = [...all].filter((program) => !hostOnly.has(program.name));
  if (userland === "debian") return wanted;
  // Busybox' shell is ash; it runs on the same interpreter here, under the name sh alone.
  return wanted.flatMap((program) => {
    if (program.name === "bash") return [{ ...program, name: "sh", also: ["ash"], folder: "/bin" }];
    return notInBusybox.has(program.name) ? [] : [{ ...program, folder: "/bin" }];
  });
}
