import { goQuote } from "../../../../base/go-text.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { Errno, type Program, type Task } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { Connection } from "../../../connection.ts";
import { endsOnTerm } from "../../../daemon/ends-on-term.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";
import { runProvisioner } from "../../../storage/external-provisioner.ts";
import type { Image } from "../define.ts";
import { LocalPathMaker } from "./local-path-maker.ts";
import { type LocalPaths, readLocalPaths } from "./local-paths.ts";

const known: ReadonlySet<string> = new Set([
  "config",
  "configmap-name",
  "debug",
  "deletion-retry-count",
  "helper-image",
  "helper-pod-file",
  "kubeconfig",
  "namespace",
  "provisioner-name",
  "provisioning-retry-count",
  "pvc-annotation",
  "pvc-annotation-required",
  "service-account-name",
  "worker-threads",
]);
/** How often it reads its configuration again, in seconds (provisioner.go ConfigFileCheckInterval, 0.0.32). */
const REREAD = 30;

function say(proc: Process, level: "info" | "error" | "fatal" | "debug", text: string): void {
  const time = rfc3339(proc.machine.kernel.clock.now);
  proc.fds.get(2)?.write?.(`time=${goQuote(time)} level=${level} msg=${goQuote(text)}\n`);
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const words = argv.filter((word) => word !== "start");
  const parsed = parseFlags(words, known);
  if ("error" in parsed) {
    yield* proc.write(2, `Incorrect Usage: flag provided but not defined: ${parsed.error}\n`);
    return 1;
  }
  const { flags } = parsed;
  const fatal = (text: string) => {
    say(proc, "fatal", `Error starting daemon: ${text}`);
    return 1;
  };
  const namespace = flags.namespace ?? proc.env.get("POD_NAMESPACE") ?? "local-path-storage";
  const file = flags.config;
  if (file === undefined) return fatal("invalid empty flag config and it also does not exist at ConfigMap");
  const paths = pathsOf(proc, file);
  if ("error" in paths) return fatal(paths.error);
  const helper = readText(proc, flags["helper-pod-file"] ?? `${file.slice(0, file.lastIndexOf("/"))}/helperPod.yaml`);
  if (helper === undefined) return fatal("unable to read helper pod file");
  return yield* serve(proc, flags, namespace, file, paths, helper);
}

function* serve(
  proc: Process,
  flags: Flags,
  namespace: string,
  file: string,
  first: LocalPaths,
  helper: string,
): Task<number> {
  const { clock, random } = proc.machine.kernel;
  const name = flags["provisioner-name"] ?? "rancher.io/local-path";
  const source = `${name}_${proc.machine.name}_${random.uuid()}`;
  const api = new Connection({ machine: proc.machine, agent: "local-path-provisioner", source });
  let paths = first;
  const reread = () => {
    const next = pathsOf(proc, file);
    if ("error" in next) say(proc, "error", `failed to load the new config file: ${next.error}`);
    else paths = next;
    timer = clock.after(REREAD, reread);
  };
  let timer = clock.after(REREAD, reread);
  say(proc, "info", `Provisioner started, provisioner name: ${name}`);
  const maker = new LocalPathMaker({
    name,
    api,
    namespace,
    helper,
    account: flags["service-account-name"] ?? "local-path-provisioner-service-account",
    scripts: flags["configmap-name"] ?? "local-path-config",
    paths: () => paths,
    clock,
    random,
    log: (text) => say(proc, "info", text),
  });
  try {
    yield* runProvisioner(proc, api, maker);
    return 0;
  } finally {
    timer.cancel();
    api.close();
  }
}

function readText(proc: Process, path: string): string | undefined {
  try {
    return proc.machine.files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return undefined;
  }
}

function pathsOf(proc: Process, file: string): LocalPaths | { readonly error: string } {
  const text = readText(proc, file);
  if (text === undefined) return { error: `fail to load config file ${file}: open ${file}: no such file or directory` };
  return readLocalPaths(text, file);
}

const program: Program = { name: "local-path-provisioner", folder: "/usr/bin", run: endsOnTerm(run) };

/** Makes volumes out of folders of the nodes, on demand. */
export const localPathProvisioner: Image = {
  repository: "docker.io/rancher/local-path-provisioner",
  tags: ["v0.0.32", "v0.0.31", "v0.0.30", "v0.0.28", "v0.0.26", "v0.0.24"],
  size: 19_000_000,
  usage: { cpu: 1, memory: 9 },
  entrypoint: ["local-path-provisioner"],
  programs: [program],
  userland: "busybox",
};
