import { goQuote } from "../../base/go-text.ts";
import { rfc3339Micro } from "../../base/time.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { listenUnix } from "../../machine/unix-sockets.ts";
import { endsOnTerm } from "../daemon/ends-on-term.ts";
import { CNI_CONFIG_FOLDER } from "../network/cni/define.ts";
import { networkConfig } from "../network/cni/network-config.ts";

const CONFIG = "/etc/containerd/config.toml";

/** What containerd answers at its socket. */
export interface ContainerdService {
  /** Whether the kubelet's interface is there: the plugin cri is not disabled. */
  readonly cri: boolean;
}

function log(proc: Process, level: "info" | "error", msg: string, more = ""): void {
  const time = `${rfc3339Micro(proc.machine.kernel.clock.now).slice(0, -1)}000Z`;
  proc.fds.get(2)?.write?.(`time="${time}" level=${level} msg=${goQuote(msg)}${more}\n`);
}

/** What is used of containerd's configuration, or the line that is no TOML. */
function readConfig(text: string): { address: string; cri: boolean } | { readonly fault: string } {
  let section = "";
  let address = "/run/containerd/containerd.sock";
  let cri = true;
  let open = false;
  for (const [i, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\s+#.*$|^#.*$/, "").trim();
    if (open) {
      open = !line.includes("]");
      continue;
    }
    if (line === "") continue;
    const header = /^\[([^[\]]+(?:\[[^\]]*\])?[^[\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header.trim();
    const pair = /^([\w.-]+|'[^']*'|"[^"]*")\s*=\s*(\S.*)$/.exec(line);
    if (header === undefined && !pair) return { fault: `toml: line ${i + 1}: expected character =` };
    const [, key, value = ""] = pair ?? [];
    open = value.startsWith("[") && !value.includes("]");
    if (section === "grpc" && key === "address") address = value.slice(1, -1);
    if (section === "" && key === "disabled_plugins") cri = !/["'](?:io\.containerd\.grpc\.v1\.)?cri["']/.test(value);
  }
  return { address, cri };
}

/**
 * The container runtime's daemon: while it runs, it answers at its socket. Containers outlive it, as their shims do. Ended by
 * SIGKILL it leaves the socket's file.
 */
function* run(proc: Process): Task<number> {
  const { files } = proc.machine;
  const config = readConfig(files.find(CONFIG, root) ? files.read(CONFIG, root) : "");
  if ("fault" in config) {
    yield* proc.write(2, `containerd: failed to load TOML: ${CONFIG}: ${config.fault}\n`);
    return 1;
  }
  const { address, cri } = config;
  log(proc, "info", "starting containerd");
  if (!cri) log(proc, "info", "skip loading plugin", ' error="plugin is disabled" id=io.containerd.grpc.v1.cri');
  try {
    const folder = address.replace(/\/[^/]*$/, "") || "/";
    files.mkdir(folder, root, { parents: true });
    // What an earlier one left behind.
    if (files.find(address, root)) files.unlink(address, root);
    const service: ContainerdService = { cri };
    listenUnix(proc, address, service, 0o660);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = `failed to get listener for main endpoint: listen unix ${address}: bind: ${error.message.toLowerCase()}`;
    yield* proc.write(2, `containerd: ${why}\n`);
    return 1;
  }
  log(proc, "info", "serving...", ` address=${address}`);
  if (cri)
    complainOfNetwork(
      proc,
      "failed to load cni during init, please check CRI plugin status before setting up network for pods",
    );
  log(proc, "info", "containerd successfully booted in 0.036421s");
  yield* (cri ? followNetwork : untilAsked)(proc, []);
  log(proc, "info", "Stop CRI service");
  if (files.find(address, root)) files.unlink(address, root);
  return 0;
}

const untilAsked = endsOnTerm(function* (proc) {
  for (;;) yield* proc.wait({ on: [] });
});

/** Says that the configuration of the pod network cannot be loaded (internal/cri/server, containerd 2.1). */
function complainOfNetwork(proc: Process, msg: string): void {
  const read = networkConfig(proc.machine.files);
  if ("fault" in read) log(proc, "error", msg, ` error=${goQuote(read.fault)}`);
}

/** The configuration of the pod network is loaded anew whenever a file of its folder changes. */
const followNetwork = endsOnTerm(function* (proc) {
  const { files } = proc.machine;
  let before = configFiles(proc);
  for (;;) {
    const watched = files.find(CNI_CONFIG_FOLDER, root)
      ? [CNI_CONFIG_FOLDER, ...[...before.keys()].map((name) => `${CNI_CONFIG_FOLDER}/${name}`)]
      : [];
    yield* proc.wait({ on: watched.map((path) => files.watch(path)) });
    const now = configFiles(proc);
    const gone = [...before.keys()].find((name) => !now.has(name));
    const written = [...now].find(([name, stamp]) => before.get(name) !== stamp)?.[0];
    before = now;
    const [op, name] = gone === undefined ? ["WRITE", written] : ["REMOVE", gone];
    if (name === undefined) continue;
    // fsnotify's own text of an event.
    const event = `${op.padEnd(13)} ${goQuote(`${CNI_CONFIG_FOLDER}/${name}`)}`;
    complainOfNetwork(proc, `failed to reload cni configuration after receiving fs change event(${event})`);
  }
});

/** The files of the folder, each with what changes when it is written. */
function configFiles({ machine: { files } }: Process): Map<string, string> {
  const names = files.find(CNI_CONFIG_FOLDER, root) ? files.list(CNI_CONFIG_FOLDER, root) : [];
  return new Map(
    names.map((name) => {
      const stat = files.find(`${CNI_CONFIG_FOLDER}/${name}`, root);
      // What is no configuration may be a text that nobody has made yet.
      const size = /\.(conf|conflist|json)$/.test(name) ? stat?.size : "";
      return [name, `${stat?.inode} ${stat?.modified} ${size}`];
    }),
  );
}

export const containerd: Program = { name: "containerd", run };
