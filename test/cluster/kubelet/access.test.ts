import { describe, expect, test } from "vitest";
import { type Api, Unreachable } from "../../../src/cluster/apiserver/define.ts";
import { kubeletAccess, subresourcesOf } from "../../../src/cluster/kubelet/access.ts";
import type { KubeletConfig } from "../../../src/cluster/kubelet/kubelet-config.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Process } from "../../../src/machine/process.ts";

// Expectations: kubernetes pkg/kubelet/server/auth_test.go and server.go InstallAuthFilter, 1.35.
const paths: readonly (readonly [string, readonly string[]])[] = [
  ["/attach/ns/pod/c", ["proxy"]],
  ["/checkpoint/ns/pod/c", ["checkpoint"]],
  ["/configz", ["configz", "proxy"]],
  ["/flagz", ["configz"]],
  ["/statusz", ["statusz"]],
  ["/containerLogs/ns/pod/c", ["proxy"]],
  ["/debug/pprof/heap", ["proxy"]],
  ["/exec/ns/pod/c", ["proxy"]],
  ["/healthz", ["healthz", "proxy"]],
  ["/healthz/syncloop", ["healthz", "proxy"]],
  ["/logs/", ["log"]],
  ["/logs/syslog", ["log"]],
  ["/metrics", ["metrics"]],
  ["/metrics/cadvisor", ["metrics"]],
  ["/pods/", ["pods", "proxy"]],
  ["/portForward/ns/pod", ["proxy"]],
  ["/run/ns/pod/c", ["proxy"]],
  ["/runningpods/", ["pods", "proxy"]],
  ["/stats/summary", ["stats"]],
  ["/metricsx", ["proxy"]],
];
test.each(paths)("%s belongs to", (path, expected) => {
  expect(subresourcesOf(path)).toEqual(expected);
});

describe("who is refused, and how", () => {
  const proc = { machine: { name: "w1", files: { may: () => false }, kernel: { clock: { now: 0 } } }, fds: new Map() };
  const base = { anonymous: false, tokenWebhook: true, authorizationMode: "Webhook", clientCAFile: undefined };
  /** The API server knows the token "good" and lets get nodes/metrics and nodes/pods. */
  const api = (reachable = true) =>
    ({
      create(
        object: KubeObject & { spec: { token?: string; resourceAttributes?: { verb: string; subresource: string } } },
      ) {
        if (!reachable) throw new Unreachable("dial tcp 10.0.0.1:6443: connect: connection refused");
        const { token, resourceAttributes: asked } = object.spec;
        if (asked) return { status: { allowed: asked.verb === "get" && /^(metrics|pods)$/.test(asked.subresource) } };
        return { status: token === "good" ? { authenticated: true, user: { username: "joe" } } : { user: {} } };
      },
    }) as unknown as Api;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const cases: readonly (readonly [string, Partial<typeof base>, string, Record<string, string>, unknown])[] = [
    ["nobody", {}, "GET /pods", {}, [401, "Unauthorized"]],
    [
      "nobody, who is let in but may nothing",
      { anonymous: true },
      "GET /exec/a/b/c",
      {},
      [403, "Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource(s)=[proxy])\n"],
    ],
    [
      "nobody, where all may do all",
      { anonymous: true, authorizationMode: "AlwaysAllow" },
      "POST /run/a/b/c",
      {},
      undefined,
    ],
    [
      "nobody, where all that are known may do all",
      { authorizationMode: "AlwaysAllow" },
      "GET /pods",
      {},
      [401, "Unauthorized"],
    ],
    ["a wrong token", { anonymous: true }, "GET /pods", bearer("bad"), [401, "Unauthorized"]],
    ["a token that nobody looks at", { tokenWebhook: false }, "GET /metrics", bearer("good"), [401, "Unauthorized"]],
    ["metrics", {}, "GET /metrics/resource", bearer("good"), undefined],
    ["pods by the finer right", {}, "GET /pods?x=1", bearer("good"), undefined],
    [
      "health without the right",
      {},
      "GET /healthz",
      bearer("good"),
      [403, "Forbidden (user=joe, verb=get, resource=nodes, subresource(s)=[healthz proxy])\n"],
    ],
    [
      "another verb",
      {},
      "POST /exec/a/b/c",
      bearer("good"),
      [403, "Forbidden (user=joe, verb=create, resource=nodes, subresource(s)=[proxy])\n"],
    ],
    [
      "logs of the node",
      {},
      "GET /logs/",
      bearer("good"),
      [403, "Forbidden (user=joe, verb=get, resource=nodes, subresource(s)=[log])\n"],
    ],
  ];
  const ask = (more: Partial<typeof base>, line: string, headers: Record<string, string>, reachable = true) => {
    const [method = "", path = ""] = line.split(" ");
    const access = kubeletAccess(proc as unknown as Process, { ...base, ...more } as KubeletConfig, api(reachable));
    const answer = access({ method, path, headers });
    return answer && [answer.status, answer.body];
  };
  test.each(cases)("%s", (_, more, line, headers, expected) => {
    expect(ask(more, line, headers)).toEqual(expected);
  });
  test("without its API server", () => {
    expect(ask({ anonymous: true }, "GET /pods", {}, false)).toEqual([
      500,
      "Authorization error (user=system:anonymous, verb=get, resource=nodes, subresource=pods)",
    ]);
    expect(ask({}, "GET /pods", bearer("good"), false)).toEqual([401, "Unauthorized"]);
  });
});
