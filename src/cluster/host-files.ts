import { Clock } from "../base/clock.ts";
import { Random } from "../base/random.ts";
import { freshFiles } from "../machine/base-system.ts";
import type { ProgramTable } from "../machine/define.ts";
import type { Files } from "../machine/define-files.ts";
import { installPrograms, programTable } from "../machine/exec.ts";
import { createFiles } from "../machine/files/create-files.ts";
import { diskKib } from "../machine/hardware.ts";
import { Kernel } from "../machine/kernel.ts";
import { containerd } from "./kubeadm/containerd.ts";
import { kubelet } from "./kubelet/kubelet.ts";
import { nfsPrograms } from "./storage/nfs/nfs-server.ts";

const tables = new WeakMap<ProgramTable, ProgramTable>();

/** Everything that can be run on the hosts of a world: what it was given, and a node's own daemons. One table for all its worlds. */
export function hostPrograms(given: ProgramTable): ProgramTable {
  let table = tables.get(given);
  if (!table) {
    table = programTable([...new Set(given.values()), kubelet, containerd, ...nfsPrograms]);
    tables.set(given, table);
  }
  return table;
}

/** What the exam's base host has not. */
const clusterTools = new Set([
  "arp",
  "ifconfig",
  "lsof",
  "netstat",
  "route",
  "tcpdump",
  "telnet",
  "tracepath",
  "traceroute",
  "kubectl",
  "kubelet",
  "containerd",
  "kubeadm",
  "crictl",
  "etcdctl",
  "helm",
  "ipvsadm",
  "jq",
]);

const patterns = new WeakMap<ProgramTable, Map<boolean, Files>>();

/** The files that a fresh host begins with as a copy: a node's, or those of a host without the cluster's tools. */
export function hostFiles(programs: ProgramTable, isNode: boolean): Files {
  let made = patterns.get(programs);
  if (!made) {
    made = new Map();
    patterns.set(programs, made);
  }
  let files = made.get(isNode);
  if (!files) {
    files = createFiles(new Kernel(new Clock(0), new Random("host")), { capacityBytes: diskKib * 1024 });
    freshFiles(files);
    const all = [...new Set(programs.values())].filter((program) => !nfsPrograms.includes(program));
    installPrograms(files, isNode ? all : all.filter(({ name }) => !clusterTools.has(name)));
    made.set(isNode, files);
  }
  return files;
}
