import { apiServerFlags } from "../src/cluster/apiserver/flags.ts";
import type { WorldPlan } from "../src/cluster/define.ts";
import { labels, listOf, mapping, may, must, oneOf, readFields, text } from "./yaml/fields.ts";
import { fail, openYaml, withParameters } from "./yaml/place.ts";

const host = mapping({
  name: must(text),
  role: must(oneOf("control-plane", "worker", "none")),
  cpu: may(text),
  memory: may(text),
  labels: may(labels),
  taints: may(listOf(mapping({ key: must(text), value: may(text), effect: must(text) }))),
});

/** Flags of kube-apiserver, without the dashes. */
const serverFlags: typeof labels = (place) => {
  const flags = labels(place);
  const unknown = Object.keys(flags).find((flag) => !apiServerFlags.has(flag));
  return unknown === undefined ? flags : fail(place, `kube-apiserver has no flag ${unknown}`);
};

const token = mapping({ token: must(text), user: must(text), uid: may(text), groups: may(listOf(text)) });

const apiServer = mapping({
  authorization: may(listOf(oneOf("AlwaysAllow", "AlwaysDeny", "Node", "RBAC"))),
  enableAdmission: may(listOf(text)),
  disableAdmission: may(listOf(text)),
  tokens: may(listOf(token)),
  flags: may(serverFlags),
});

const table = {
  description: must(text),
  cluster: may(text),
  version: may(text),
  podCIDR: may(text),
  serviceCIDR: may(text),
  cni: may(oneOf("flannel", "calico", "cilium", "none")),
  addons: may(listOf(text)),
  without: may(listOf(oneOf("addons", "controller-manager", "nodes", "scheduler"))),
  apiServer: may(apiServer),
  manifests: may(text),
  hosts: must(listOf(host)),
};

/** A starting cluster; ${host} in it is the host on which the candidate works. */
export interface WorldFile {
  readonly name: string;
  readonly description: string;
  plan(host: string): WorldPlan;
}

/** Reads the file of a world. Throws ExerciseError with file:line:column. */
export function loadWorld(source: string, file: string): WorldFile {
  const place = openYaml(source, file);
  const name = file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  const plan = (task: string): WorldPlan => {
    const values = readFields(withParameters(place, { host: task }), table);
    const names = values.hosts.map((one) => one.name);
    if (new Set(names).size !== names.length) fail(place, "two hosts have the same name");
    if (!names.includes(task)) fail(place, "no host is named ${host}");
    const { apiServer: server, ...rest } = values;
    const own = server && {
      apiServer: { ...defined(server), ...(server.tokens ? { tokens: server.tokens.map(defined) } : {}) },
    };
    return { name, ...defined(rest), ...own, hosts: values.hosts.map(defined) };
  };
  return { name, description: plan("controlplane").description ?? "", plan };
}

/** Without the keys that have no value. */
function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
