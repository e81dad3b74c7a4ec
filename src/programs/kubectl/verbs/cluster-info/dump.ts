import { SECOND } from "../../../../base/clock.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { isList, isObject } from "../../../../base/json-object.ts";
import type { Stream } from "../../../../base/stream.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import { pathOf } from "../../../../machine/open-path.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { allNamespacesFlag, printFlags, printOptions } from "../../flag-groups.ts";
import { csvFlag, durationFlag, textFlag } from "../../flag-types.ts";
import { type ObjectPrinter, objectPrinter } from "../../printers/object-printer.ts";
import { typedObject } from "../../typed-object.ts";

const flags = {
  ...printFlags("object", "json"),
  "all-namespaces": allNamespacesFlag,
  namespaces: csvFlag("The namespaces to show; kube-system and the own one where nothing is said."),
  "output-directory": textFlag("A folder to write files to; - or nothing writes to stdout."),
  "pod-running-timeout": durationFlag("How long to wait for a pod to run.", { initial: 20 * SECOND }),
};
type Values = FlagValues<typeof flags>;

interface Listed {
  /** What its file is called. */
  readonly file: string;
  readonly path: string;
  readonly kind: string;
  readonly apiVersion: string;
}

/** What is shown of every namespace, in this order (cmd/clusterinfo/clusterinfo_dump.go, 1.33). */
const perNamespace: readonly Listed[] = [
  { file: "events", path: "events", kind: "EventList", apiVersion: "v1" },
  {
    file: "replication-controllers",
    path: "replicationcontrollers",
    kind: "ReplicationControllerList",
    apiVersion: "v1",
  },
  { file: "services", path: "services", kind: "ServiceList", apiVersion: "v1" },
  { file: "daemonsets", path: "daemonsets", kind: "DaemonSetList", apiVersion: "apps/v1" },
  { file: "deployments", path: "deployments", kind: "DeploymentList", apiVersion: "apps/v1" },
  { file: "replicasets", path: "replicasets", kind: "ReplicaSetList", apiVersion: "apps/v1" },
  { file: "pods", path: "pods", kind: "PodList", apiVersion: "v1" },
];

/** Shows everything that helps to find a cluster's problem. */
export const dump: Verb<typeof flags> = {
  path: ["cluster-info", "dump"],
  usage: "cluster-info dump [flags] [options]",
  short: "Dump relevant information for debugging and diagnosis",
  examples: [
    "kubectl cluster-info dump",
    "kubectl cluster-info dump --output-directory=/path/to/cluster-state",
    "kubectl cluster-info dump --all-namespaces",
    "kubectl cluster-info dump --namespaces default,kube-system --output-directory=/path/to/cluster-state",
  ],
  flags,
  config: "whole",
  *run(context, { flags: values }) {
    const paper = new Paper(context, values);
    yield* dumpList(context, paper, "", { file: "nodes", path: "nodes", kind: "NodeList", apiVersion: "v1" });
    for (const namespace of yield* namespacesMeant(context, values)) {
      let pods: readonly JsonObject[] = [];
      for (const listed of perNamespace) pods = yield* dumpList(context, paper, namespace, listed);
      for (const pod of pods) yield* dumpLogs(context, paper, namespace, pod);
    }
    const folder = values["output-directory"];
    if (folder !== "" && folder !== "-") context.out.line(`Cluster info dumped to ${folder}`);
  },
};

function* namespacesMeant(context: Context, values: Values): Task<readonly string[]> {
  if (!values["all-namespaces"])
    return values.namespaces.length > 0 ? values.namespaces : ["kube-system", context.namespace];
  return itemsIn(yield* context.client.object({ path: "/api/v1/namespaces" })).map(nameOf);
}

function* dumpList(
  context: Context,
  paper: Paper,
  namespace: string,
  { file, path, kind, apiVersion }: Listed,
): Task<readonly JsonObject[]> {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const place = namespace === "" ? "" : `/namespaces/${namespace}`;
  const list = yield* context.client.object({ path: `${root}${place}/${path}` });
  const items = itemsIn(list).map((item) => typedObject({ apiVersion, kind: kind.slice(0, -4), ...item }));
  const { resourceVersion } = (list.metadata ?? {}) as JsonObject;
  paper.list(namespace, file, { kind, apiVersion, metadata: { resourceVersion }, items });
  return items;
}

function* dumpLogs(context: Context, paper: Paper, namespace: string, pod: JsonObject): Task {
  const spec = isObject(pod.spec) ? pod.spec : {};
  const containers = [spec.initContainers, spec.containers].flatMap((list) => (isList(list) ? list : []));
  const name = nameOf(pod);
  let text = "";
  for (const container of containers.filter(isObject)) {
    const title = `logs for container ${container.name} of pod ${namespace}/${name} ====\n`;
    text += `==== START ${title}${yield* logOf(context, namespace, name, String(container.name))}==== END ${title}`;
  }
  paper.text(namespace, `${name}/logs.txt`, text);
}

function* logOf(context: Context, namespace: string, pod: string, container: string): Task<string> {
  const { client } = context;
  const ask = { path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`, query: { container } };
  try {
    const response = yield* client.request(ask);
    if (response.status >= 400) throw client.refusal(response, ask);
    let text = String(response.body ?? "");
    const log = response.stream as Stream<string> | undefined;
    for (let part = log && (yield* context.next(log)); log && typeof part === "string"; part = yield* context.next(log))
      text += part;
    return text;
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    return `Request log error: ${fault.message}\n`;
  }
}

function itemsIn({ items }: JsonObject): readonly JsonObject[] {
  return isList(items) ? items.filter(isObject) : [];
}

function nameOf({ metadata }: JsonObject): string {
  return isObject(metadata) ? String(metadata.name ?? "") : "";
}

/** Where the dump goes: stdout, or a file for each part below a folder. */
class Paper {
  private readonly context: Context;
  private readonly folder: string;
  private readonly extension: string;
  private readonly printer: ObjectPrinter;
  private readonly namesOnly: boolean;
  private printed = "";

  constructor(context: Context, values: Values) {
    this.context = context;
    const folder = values["output-directory"];
    this.folder = folder === "-" ? "" : folder;
    this.extension = values.output === "json" || values.output === "yaml" ? `.${values.output}` : ".txt";
    this.namesOnly = values.output === "name";
    const out = {
      write: (text: string) => {
        this.printed += text;
      },
      line: (text: string) => {
        this.printed += `${text}\n`;
      },
    };
    const place = { out, readFile: (path: string) => context.readFile(path) };
    this.printer = objectPrinter(place, printOptions(values));
  }

  list(namespace: string, file: string, list: JsonObject): void {
    if (this.namesOnly) throw new CommandFault(`list types are not supported by name printing: *v1.${list.kind}`);
    this.printed = "";
    this.printer.print(list, true);
    this.text(namespace, `${file}${this.extension}`, this.printed);
  }

  text(namespace: string, file: string, text: string): void {
    if (this.folder === "") {
      this.context.out.write(text);
      return;
    }
    const { proc } = this.context;
    const { files } = proc.machine;
    const path = pathOf(proc, [this.folder, namespace, file].filter((part) => part !== "").join("/"));
    files.mkdir(path.slice(0, path.lastIndexOf("/")) || "/", proc.credentials, { parents: true });
    files.write(path, text, proc.credentials);
  }
}
