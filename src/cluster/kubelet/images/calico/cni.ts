import { SECOND } from "../../../../base/clock.ts";
import { FormatError } from "../../../../base/format-error.ts";
import { readJson } from "../../../../base/json-reader.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { CALICO_CONFLIST, CALICO_KUBECONFIG } from "../../../network/cni/calico/define.ts";
import { writeCalicoKubeconfig } from "../../../network/cni/calico/kubeconfig.ts";
import type { Image } from "../define.ts";
import { calicoLog, calicoTags } from "./define.ts";

const SOURCE = "cni-installer/<nil> <nil>";
/** How long a Go client tries to connect (net/http DefaultTransport). */
const DIAL_SECONDS = 30;
const binaries = ["bandwidth", "calico", "calico-ipam", "flannel", "host-local", "loopback", "portmap", "tuning"];

/** The init container that puts Calico's plugins, their configuration and their credentials on the host (cni-plugin/pkg/install, 3.30). */
function* install(proc: Process): Task<number> {
  const { files } = proc.machine;
  const folder = "/host/opt/cni/bin";
  const fatal = function* (text: string): Task<number> {
    yield* calicoLog(proc, "FATAL", SOURCE, text);
    return 1;
  };
  try {
    for (const name of binaries) {
      if (!files.find(folder, root)) files.mkdir(folder, root, { parents: true });
      if (files.find(`${folder}/${name}`, root)) files.unlink(`${folder}/${name}`, root);
      files.write(`${folder}/${name}`, `\u007fELF\u0002\u0001\u0001${name}\n`, root, { mode: 0o755 });
      yield* calicoLog(proc, "INFO", SOURCE, `Installed ${folder}/${name}`);
    }
    yield* calicoLog(proc, "INFO", SOURCE, "Wrote Calico CNI binaries to /host/opt/cni/bin");
    const config = networkConfigText(proc);
    if ("fault" in config) return yield* fatal(config.fault);
    const target = "/host/etc/cni/net.d";
    const name = proc.env.get("CNI_CONF_NAME") ?? CALICO_CONFLIST;
    const fault = yield* writeCredentials(proc, `${target}/calico-kubeconfig`);
    if (fault !== undefined) return yield* fatal(fault);
    files.write(`${target}/${name}`, config.text, root, { mode: 0o600 });
    yield* calicoLog(proc, "INFO", SOURCE, `Created ${target}/${name}`);
    yield* calicoLog(proc, "INFO", SOURCE, "Done configuring CNI.  Sleep= false");
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return yield* fatal(`open ${error.path ?? ""}: ${error.message.toLowerCase()}`);
  }
}

/** Asks for the token until somebody answers, as long as a Go client waits for a connection. */
function* writeCredentials(proc: Process, path: string): Task<string | undefined> {
  const { clock } = proc.machine.kernel;
  for (const limit = clock.now + DIAL_SECONDS * SECOND; ; ) {
    const fault = writeCalicoKubeconfig(proc.machine, path);
    if (!fault?.isAway || clock.now >= limit) return fault?.why;
    yield* proc.sleep(1);
  }
}

/** The configuration of the manifest's ConfigMap, with what differs from host to host. */
function networkConfigText(proc: Process): { readonly text: string } | { readonly fault: string } {
  const given = proc.env.get("CNI_NETWORK_CONFIG");
  if (given === undefined || given === "") return { fault: "Need CNI_NETWORK_CONFIG or CNI_NETWORK_CONFIG_FILE." };
  const text = given
    .replaceAll("__KUBERNETES_NODE_NAME__", proc.env.get("KUBERNETES_NODE_NAME") ?? proc.machine.name)
    .replaceAll("__KUBECONFIG_FILEPATH__", CALICO_KUBECONFIG)
    .replaceAll("__CNI_MTU__", proc.env.get("CNI_MTU") ?? "0");
  try {
    readJson(text, 0, true);
    return { text };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { fault: `${text} is not a valid json object\nerror: ${error.message}` };
  }
}

/** The init container that takes addresses over from host-local: there are none on a host that never had it. */
function* upgrade(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] !== "-upgrade") return 0;
  const source = "ipam/ipam_plugin.go";
  yield* calicoLog(proc, "INFO", `${source} 68`, "migrating from host-local to calico-ipam...");
  yield* calicoLog(proc, "INFO", "ipam/migrate.go 67", "checking host-local IPAM data dir dir existence...");
  yield* calicoLog(
    proc,
    "INFO",
    "ipam/migrate.go 69",
    "host-local IPAM data dir dir not found; no migration necessary, successfully exiting...",
  );
  yield* calicoLog(proc, "INFO", `${source} 98`, "migration from host-local to calico-ipam complete");
  return 0;
}

const installer: Program = { name: "install", folder: "/opt/cni/bin", run: install };
const ipam: Program = { name: "calico-ipam", folder: "/opt/cni/bin", run: upgrade };

export const calicoCni: Image = {
  repository: "docker.io/calico/cni",
  tags: calicoTags,
  size: 71_000_000,
  entrypoint: ["/opt/cni/bin/install"],
  programs: [installer, ipam],
  userland: "none",
};
