import { describe, expect, test } from "vitest";
import { Clock } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { readPolicies } from "../../../src/cluster/apiserver/authorization/attribute-policies.ts";
import type { Attributes } from "../../../src/cluster/apiserver/authorization/authorizer.ts";
import { authorizationOf } from "../../../src/cluster/apiserver/authorization/options.ts";
import type { UserInfo } from "../../../src/cluster/apiserver/define.ts";
import type { Role } from "../../../src/kinds/types/core.ts";
import { root } from "../../../src/machine/define-files.ts";
import { createFiles } from "../../../src/machine/files/create-files.ts";
import { Kernel } from "../../../src/machine/kernel.ts";
import { configMapNamed, podNamed, refusal, start, world } from "./setup.ts";

const jane: UserInfo = { name: "jane", groups: ["devs", "system:authenticated"] };
const kubelet: UserInfo = { name: "system:node:w1", groups: ["system:nodes", "system:authenticated"] };

// Expectations: kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go, 1.35.
describe("the Node authorizer", () => {
  const pods = { group: "", resource: "pods", namespace: "default" };
  const none = "no relationship found between node 'w1' and this object";
  const cases: readonly (readonly [string, Attributes, true | string])[] = [
    ["list all pods", { verb: "list", ...pods }, "can only list/watch pods with spec.nodeName field selector"],
    ["list its own pods", { verb: "list", ...pods, selected: { "spec.nodeName": "w1" } }, true],
    [
      "list another's pods",
      { verb: "watch", ...pods, selected: { "spec.nodeName": "w2" } },
      "can only list/watch pods with spec.nodeName field selector",
    ],
    ["get its pod", { verb: "get", ...pods, name: "mine" }, true],
    ["get another's pod", { verb: "get", ...pods, name: "other" }, none],
    ["create a pod", { verb: "create", ...pods }, true],
    ["update a pod", { verb: "update", ...pods, name: "mine" }, ""],
    ["a pod's status", { verb: "patch", ...pods, subresource: "status", name: "mine" }, true],
    ["evict", { verb: "create", ...pods, subresource: "eviction", name: "mine" }, true],
    ["exec", { verb: "create", ...pods, subresource: "exec", name: "mine" }, ""],
    ["its pod's secret", { verb: "get", group: "", resource: "secrets", namespace: "default", name: "used" }, true],
    [
      "the same name elsewhere",
      { verb: "get", group: "", resource: "secrets", namespace: "kube-system", name: "used" },
      none,
    ],
    ["another secret", { verb: "get", group: "", resource: "secrets", namespace: "default", name: "unused" }, none],
    ["all secrets", { verb: "list", group: "", resource: "secrets" }, "can only read namespaced object of this type"],
    [
      "the secrets of a namespace",
      { verb: "list", group: "", resource: "secrets", namespace: "default" },
      "No Object name found",
    ],
    [
      "delete a secret",
      { verb: "delete", group: "", resource: "secrets", namespace: "default", name: "used" },
      "can only read resources of this type",
    ],
    [
      "its pod's image pull secret",
      { verb: "get", group: "", resource: "secrets", namespace: "default", name: "pull" },
      true,
    ],
    [
      "its pod's ConfigMap",
      { verb: "watch", group: "", resource: "configmaps", namespace: "default", name: "settings" },
      true,
    ],
    [
      "its pod's claim",
      { verb: "get", group: "", resource: "persistentvolumeclaims", namespace: "default", name: "data" },
      true,
    ],
    [
      "list claims",
      { verb: "list", group: "", resource: "persistentvolumeclaims", namespace: "default" },
      "can only get individual resources of this type",
    ],
    ["its claim's volume", { verb: "get", group: "", resource: "persistentvolumes", name: "pv1" }, true],
    ["another volume", { verb: "get", group: "", resource: "persistentvolumes", name: "pv2" }, none],
    [
      "a token for its pod's account",
      {
        verb: "create",
        group: "",
        resource: "serviceaccounts",
        subresource: "token",
        namespace: "default",
        name: "default",
      },
      true,
    ],
    [
      "a token for another account",
      {
        verb: "create",
        group: "",
        resource: "serviceaccounts",
        subresource: "token",
        namespace: "default",
        name: "robot",
      },
      none,
    ],
    [
      "an account",
      { verb: "get", group: "", resource: "serviceaccounts", namespace: "default", name: "default" },
      "can only create tokens for individual service accounts",
    ],
    [
      "its lease",
      { verb: "update", group: "coordination.k8s.io", resource: "leases", namespace: "kube-node-lease", name: "w1" },
      true,
    ],
    [
      "another's lease",
      { verb: "update", group: "coordination.k8s.io", resource: "leases", namespace: "kube-node-lease", name: "w2" },
      "can only access node lease with the same name as the requesting node",
    ],
    [
      "a lease elsewhere",
      { verb: "get", group: "coordination.k8s.io", resource: "leases", namespace: "default", name: "w1" },
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    [
      "list leases",
      { verb: "list", group: "coordination.k8s.io", resource: "leases", namespace: "kube-node-lease" },
      "can only get, create, update, patch, or delete a node lease",
    ],
    ["its CSINode", { verb: "patch", group: "storage.k8s.io", resource: "csinodes", name: "w1" }, true],
    [
      "another's CSINode",
      { verb: "get", group: "storage.k8s.io", resource: "csinodes", name: "w2" },
      "can only access CSINode with the same name as the requesting node",
    ],
    ["its node", { verb: "get", group: "", resource: "nodes", name: "w1" }, true],
    [
      "another node",
      { verb: "get", group: "", resource: "nodes", name: "w2" },
      "node 'w1' cannot read 'w2', only its own Node object",
    ],
    [
      "all nodes",
      { verb: "list", group: "", resource: "nodes" },
      "node 'w1' cannot read all nodes, only its own Node object",
    ],
    ["delete a node", { verb: "delete", group: "", resource: "nodes", name: "w1" }, ""],
    ["services", { verb: "list", group: "", resource: "services" }, true],
    ["deployments", { verb: "list", group: "apps", resource: "deployments" }, ""],
  ];
  const { server, api } = world();
  api.create(configMapNamed("settings"));
  for (const [name, claim] of [
    ["pv1", "data"],
    ["pv2", "other"],
  ])
    api.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: "/d" },
        claimRef: { namespace: "default", name: claim },
      },
    } as never);
  api.create(
    podNamed("mine", {
      spec: {
        nodeName: "w1",
        imagePullSecrets: [{ name: "pull" }],
        containers: [{ name: "c", image: "i", envFrom: [{ configMapRef: { name: "settings" } }] }],
        volumes: [
          { name: "s", projected: { sources: [{ secret: { name: "used" } }] } },
          { name: "d", persistentVolumeClaim: { claimName: "data" } },
        ],
      },
    }),
  );
  api.create(podNamed("other", { spec: { nodeName: "w2", containers: [{ name: "c", image: "i" }] } }));
  test.each(cases)("%s", (_, attributes, expected) => {
    const { allowed, reason } = server.context.authorizer.decide(kubelet, attributes);
    expect(allowed ? true : reason).toBe(expected);
  });
});

// Expectations: kubernetes pkg/kubeapiserver/options/authorization.go, 1.35.
describe("the flags of authorization", () => {
  const file = (text: string) => {
    const files = createFiles(new Kernel(new Clock(start), new Random("files")));
    files.write("/f", text, root);
    return files;
  };
  const config = (list: string) =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: ${list}\n`;
  const cases: readonly (readonly [string, Record<string, string>, string, unknown])[] = [
    ["nothing said", {}, "", {}],
    ["the usual", { "authorization-mode": "Node,RBAC" }, "", {}],
    ["an unknown mode", { "authorization-mode": "Node,Rbac" }, "", 'authorization-mode "Rbac" is not a valid mode'],
    ["nothing", { "authorization-mode": "" }, "", "at least one authorization-mode must be passed"],
    [
      "twice",
      { "authorization-mode": "RBAC,RBAC" },
      "",
      'authorization-mode ["RBAC" "RBAC"] has mode specified more than once',
    ],
    [
      "ABAC without a file",
      { "authorization-mode": "ABAC" },
      "",
      "authorization-mode ABAC's authorization policy file not passed",
    ],
    [
      "a file without ABAC",
      { "authorization-mode": "RBAC", "authorization-policy-file": "/f" },
      "",
      "cannot specify --authorization-policy-file without mode ABAC",
    ],
    [
      "two faults",
      { "authorization-mode": "X,ABAC" },
      "",
      '[authorization-mode "X" is not a valid mode, authorization-mode ABAC\'s authorization policy file not passed]',
    ],
    [
      "Webhook without a file",
      { "authorization-mode": "Webhook" },
      "",
      "authorization-mode Webhook's authorization config file not passed",
    ],
    [
      "Webhook",
      { "authorization-mode": "Webhook", "authorization-webhook-config-file": "/f" },
      "",
      "the authorization mode Webhook is not simulated",
    ],
    [
      "a configuration",
      { "authorization-config": "/f" },
      config("[{type: Node, name: node}, {type: RBAC, name: rbac}]"),
      { modes: ["Node", "RBAC"] },
    ],
    [
      "a configuration beside modes",
      { "authorization-config": "/f", "authorization-mode": "RBAC" },
      "",
      "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined",
    ],
    [
      "a configuration without authorizers",
      { "authorization-config": "/f" },
      config("[]"),
      "authorizers: Required value: at least one authorization mode must be defined",
    ],
    [
      "no such file",
      { "authorization-config": "/g" },
      "",
      "failed to load AuthorizationConfiguration from file: open /g: no such file or directory",
    ],
    [
      "a nameless authorizer",
      { "authorization-config": "/f" },
      config("[{type: RBAC}]"),
      "authorizers[0].name: Required value",
    ],
    [
      "an unknown type",
      { "authorization-config": "/f" },
      config("[{type: Rbac, name: a}]"),
      'authorizers[0].type: Unsupported value: "Rbac": supported values: "ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"',
    ],
    [
      "the same type twice",
      { "authorization-config": "/f" },
      config("[{type: RBAC, name: a}, {type: RBAC, name: b}]"),
      'authorizers[1].type: Duplicate value: "RBAC"',
    ],
  ];
  test.each(cases)("%s", (_, flags, text, expected) => {
    expect(authorizationOf(file(text), flags)).toEqual(expected);
  });
});

// Expectations: kubernetes pkg/auth/authorizer/abac/abac.go, 1.35, and its documented examples.
describe("ABAC", () => {
  const line = (spec: object) =>
    JSON.stringify({ apiVersion: "abac.authorization.kubernetes.io/v1beta1", kind: "Policy", spec });
  const policies = readPolicies(
    [
      "# comment",
      line({ user: "jane", namespace: "default", resource: "pods", apiGroup: "", readonly: true }),
      line({ group: "devs", namespace: "*", resource: "*", apiGroup: "apps" }),
      line({ user: "*", nonResourcePath: "/health*", readonly: true }),
    ].join("\n"),
    "/p",
  );
  const { server } = world({
    flags: { "authorization-mode": "ABAC" },
    ...(typeof policies === "string" ? {} : { policies }),
  });
  const pods = { group: "", resource: "pods", namespace: "default" };
  const cases: readonly (readonly [string, UserInfo, Attributes, boolean])[] = [
    ["reads pods", jane, { verb: "list", ...pods }, true],
    ["deletes no pods", jane, { verb: "delete", ...pods }, false],
    ["not elsewhere", jane, { verb: "list", ...pods, namespace: "other" }, false],
    ["the group writes apps", jane, { verb: "create", group: "apps", resource: "deployments", namespace: "x" }, true],
    ["others do not", { name: "bob", groups: [] }, { verb: "list", ...pods }, false],
    ["paths for all", { name: "bob", groups: [] }, { verb: "get", path: "/healthz" }, true],
    ["only reading", { name: "bob", groups: [] }, { verb: "post", path: "/healthz" }, false],
    ["other paths not", { name: "bob", groups: [] }, { verb: "get", path: "/version" }, false],
  ];
  test.each(cases)("%s", (_, user, attributes, allowed) => {
    expect(server.context.authorizer.decide(user, attributes).allowed).toBe(allowed);
  });
  test("a line that cannot be read", () => {
    expect(readPolicies("\n[1", "/p")).toMatch(/^error reading policy file \/p, line 2: \[1: /);
  });
});

describe("the order of modes", () => {
  const list = { verb: "list", group: "", resource: "pods", namespace: "default" };
  const cases: readonly (readonly [string, UserInfo, boolean, string])[] = [
    ["AlwaysDeny", jane, false, "Everything is forbidden."],
    ["AlwaysDeny,RBAC", jane, false, "Everything is forbidden."],
    ["RBAC,AlwaysAllow", jane, true, ""],
    ["RBAC", jane, false, ""],
    ["AlwaysDeny", { name: "root", groups: ["system:masters"] }, true, ""],
  ];
  test.each(cases)("%s", (modes, user, allowed, reason) => {
    const { server } = world({ flags: { "authorization-mode": modes } });
    expect(server.context.authorizer.decide(user, list)).toMatchObject({ allowed, reason });
  });
});

describe("reviews", () => {
  const group = "authorization.k8s.io/v1";
  const ask = (user: UserInfo, kind: string, spec: object, flags = "Node,RBAC") => {
    const made = world({ flags: { "authorization-mode": flags } });
    made.server.start("10.0.0.1");
    const metadata = { name: "", ...(kind.startsWith("Local") ? { namespace: "default" } : {}) };
    return made.server.client(user, "t").create({ apiVersion: group, kind, metadata, spec } as never) as unknown as {
      status: {
        allowed: boolean;
        reason?: string;
        incomplete: boolean;
        evaluationError?: string;
        resourceRules: object[];
      };
    };
  };
  test("a kubelet's rules cannot be told in full", () => {
    expect(ask(kubelet, "SelfSubjectRulesReview", { namespace: "default" }).status).toMatchObject({
      incomplete: true,
      evaluationError: "node authorizer does not support user rule resolution",
    });
    expect(ask(jane, "SelfSubjectRulesReview", { namespace: "default" }).status).toMatchObject({ incomplete: false });
  });
  test("with AlwaysAllow everything", () => {
    const { resourceRules } = ask(jane, "SelfSubjectRulesReview", { namespace: "x" }, "AlwaysAllow").status;
    expect(resourceRules).toEqual([{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]);
  });
  test("a user or a group must be asked about", () => {
    const root: UserInfo = { name: "root", groups: ["system:masters"] };
    const resourceAttributes = { verb: "list", resource: "pods" };
    expect(refusal(() => ask(root, "SubjectAccessReview", { resourceAttributes })).message).toBe(
      'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    );
    expect(ask(root, "SubjectAccessReview", { groups: ["system:masters"], resourceAttributes }).status.allowed).toBe(
      true,
    );
    const selector = { requirements: [{ key: "spec.nodeName", operator: "In", values: ["w1"] }] };
    const about = { user: kubelet.name, groups: [...kubelet.groups] };
    const narrowed = { ...resourceAttributes, fieldSelector: selector };
    expect(ask(root, "SubjectAccessReview", { ...about, resourceAttributes: narrowed }).status.allowed).toBe(true);
    expect(ask(root, "SubjectAccessReview", { ...about, resourceAttributes }).status).toMatchObject({
      allowed: false,
      reason: "can only list/watch pods with spec.nodeName field selector",
    });
  });
});

// Expectations: component-helpers auth/rbac/reconciliation, 1.35; kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata.
describe("default roles", () => {
  const kind = "clusterroles.rbac.authorization.k8s.io";
  const open = () => {
    const made = world();
    made.server.start("10.0.0.1");
    return made;
  };
  const rulesOf = (name: string) => (open().api.get<Role>(kind, undefined, name)?.rules ?? []).length;
  const counts: readonly (readonly [string, number])[] = [
    ["cluster-admin", 2],
    ["system:aggregate-to-view", 11],
    ["system:controller:attachdetach-controller", 8],
    ["system:controller:daemon-set-controller", 8],
    ["system:controller:legacy-service-account-token-cleaner", 2],
    ["system:controller:namespace-controller", 3],
    ["system:controller:statefulset-controller", 10],
    ["system:controller:root-ca-cert-publisher", 2],
    ["system:service-account-issuer-discovery", 1],
    ["system:kubelet-api-admin", 3],
    ["system:heapster", 2],
  ];
  test.each(counts)("%s has its rules", (name, count) => {
    expect(rulesOf(name)).toBe(count);
  });

  test("what was taken from them is put back at the next start, unless they say no", () => {
    const { server, api } = open();
    const take = (name: string, annotations: Record<string, string> = {}) => {
      const role = api.get<Role>(kind, undefined, name);
      if (!role) throw new Error(`no ${name}`);
      const metadata = { ...role.metadata, annotations: { ...role.metadata.annotations, ...annotations }, labels: {} };
      api.update({ ...role, metadata, rules: [{ verbs: ["get"], apiGroups: [""], resources: ["mine"] }] } as Role);
    };
    take("system:kube-dns");
    take("system:kube-scheduler", { "rbac.authorization.kubernetes.io/autoupdate": "false" });
    server.start("10.0.0.1");
    const dns = api.get<Role>(kind, undefined, "system:kube-dns");
    expect(dns?.rules?.map(({ resources }) => resources)).toEqual([["mine"], ["endpoints", "services"]]);
    expect(dns?.metadata.labels).toEqual({ "kubernetes.io/bootstrapping": "rbac-defaults" });
    expect(api.get<Role>(kind, undefined, "system:kube-scheduler")?.rules).toHaveLength(1);
  });
});
