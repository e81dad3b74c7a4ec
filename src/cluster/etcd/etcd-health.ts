import type { HttpRequest, HttpResponse } from "../../base/http.ts";
import type { Store } from "../store/define.ts";

const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
const json = { "content-type": "application/json" };

/** The checks behind /livez and /readyz (server/etcdserver/api/etcdhttp/health.go, 3.6). */
const checks = {
  livez: ["serializable_read"],
  readyz: ["data_corruption", "serializable_read", "linearizable_read", "non_learner"],
} as const;

/** What etcd answers by HTTP on its metrics and client addresses. `version` is its own: 3.6.6. */
export function etcdPages(store: Store, version: string): (request: HttpRequest) => HttpResponse {
  return ({ path: asked }) => {
    const [path = "", query = ""] = asked.split("?", 2);
    const [root, one] = path.slice(1).split("/", 2);
    switch (root) {
      case "health":
        return { status: 200, headers: plain, body: '{"health":"true","reason":""}' };
      case "livez":
      case "readyz":
        return checkPage(checks[root], one, new URLSearchParams(query));
      case "version": {
        const cluster = version.replace(/\.\d+$/, ".0");
        const body = `{"etcdserver":"${version}","etcdcluster":"${cluster}","storage":"${cluster}"}`;
        return { status: 200, headers: json, body };
      }
      case "metrics":
        return { status: 200, headers: { "content-type": "text/plain; version=0.0.4" }, body: metrics(store, version) };
      default:
        return { status: 404, headers: plain, body: "404 page not found\n" };
    }
  };
}

/** A member whose process answers can read its data: what breaks etcd ends it. */
function checkPage(names: readonly string[], one: string | undefined, query: URLSearchParams): HttpResponse {
  if (one !== undefined && !names.includes(one)) return { status: 404, headers: plain, body: "404 page not found\n" };
  const excluded = query.getAll("exclude");
  const shown = one === undefined ? names.filter((name) => !excluded.includes(name)) : [one];
  const lines = query.has("verbose") ? shown.map((name) => `[+]${name} ok\n`).join("") : "";
  return { status: 200, headers: plain, body: `${lines}ok\n` };
}

function metrics(store: Store, version: string): string {
  const gauge = (name: string, help: string, value: number | string) =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;
  const keys = store.resourceNames().reduce((sum, name) => sum + store.count(name), 0);
  return [
    gauge("etcd_debugging_mvcc_current_revision", "The current revision of store.", store.revision),
    gauge("etcd_debugging_mvcc_keys_total", "Total number of keys.", keys),
    gauge("etcd_server_has_leader", "Whether or not a leader exists. 1 is existence, 0 is not.", 1),
    gauge("etcd_server_is_leader", "Whether or not this member is a leader. 1 if is, 0 otherwise.", 1),
    "# HELP etcd_server_version Which version is running. 1 for 'server_version' label with current version.\n",
    `# TYPE etcd_server_version gauge\netcd_server_version{server_version="${version}"} 1\n`,
  ].join("");
}
