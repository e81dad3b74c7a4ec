import { goQuote } from "../../base/go-text.ts";
import { rfc3339Micro } from "../../base/time.ts";
import { Errno, type Program, type Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { listenUnix } from "../../machine/unix-sockets.ts";
import { endsOnTerm } from "../daemon/ends-on-term.ts";

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
  log(proc, "info", "containerd successfully booted in 0.036421s");
  yield* untilAsked(proc, []);
  log(proc, "info", "Stop CRI service");
  if (files.find(address, root)) files.unlink(address, root);
  return 0;
}

const untilAsked = endsOnTerm(function* (proc) {
  for (;;) yield* proc.wait({ on: [] });
});

export const containerd: Program = { name: "containerd", run };
