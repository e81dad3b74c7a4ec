import { describe, expect, test } from "vitest";
import { SECOND } from "../../../src/base/clock.ts";
import type { HttpRequest } from "../../../src/base/http.ts";
import { Random } from "../../../src/base/random.ts";
import { newKey } from "../../../src/base/x509/key.ts";
import { can } from "../../../src/cluster/apiserver/authorization/can.ts";
import type { UserInfo } from "../../../src/cluster/apiserver/define.ts";
import { admin, configMapNamed, podNamed, refusal, type World, world } from "./setup.ts";

const group = "rbac.authorization.k8s.io";
const jane: UserInfo = { name: "jane", groups: ["devs", "system:authenticated"] };

function role(name: string, rules: unknown[], namespace?: string) {
  const kind = namespace ? "Role" : "ClusterRole";
  return { apiVersion: `${group}/v1`, kind, metadata: { name, ...(namespace ? { namespace } : {}) }, rules };
}
function binding(name: string, roleKind: string, roleName: string, subject: string, namespace?: string) {
  const kind = namespace ? "RoleBinding" : "ClusterRoleBinding";
  const [subjectKind = "", subjectName = "", home] = subject.split(" ");
  const bound = home
    ? { kind: subjectKind, name: subjectName, namespace: home }
    : { apiGroup: group, kind: subjectKind, name: subjectName };
  return {
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    roleRef: { apiGroup: group, kind: roleKind, name: roleName },
    subjects: [bound],
  };
}

/** A server where the name in the certificate is the user, as are the names after colons the groups. */
function open() {
  const key = newKey(new Random("sa"));
  const made = world({
    verifyCertificate: (pem) => {
      const [commonName = "", ...organizations] = String(pem).split(":::");
      return { commonName, organizations };
    },
    signingKey: () => ({ type: "ec", ec: key }),
    tokenKeys: () => [key.publicKey],
  });
  const ask = (line: string, who: string | undefined, more: Partial<HttpRequest> = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const response = made.server.handle({ method, path, clientCertificate: who, headers: {}, ...more });
    return {
      ...response,
      body: response.body as Record<string, never> & { message: string; status: Record<string, unknown> },
    };
  };
  return { ...made, ask };
}

describe("authentication", () => {
  test("certificate, token, nobody", () => {
    const { ask, api } = open();
    const path = "POST /apis/authentication.k8s.io/v1/selfsubjectreviews";
    api.create(role("ask", [{ verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["*"] }]));
    for (const name of ["system:authenticated", "system:unauthenticated"]) {
      api.create(binding(name, "ClusterRole", "ask", `Group ${name}`));
    }
    const who = (certificate: string | undefined, headers: Record<string, string> = {}) =>
      ask(path, certificate, { headers, body: {} }).body.status?.userInfo;
    expect(who("jane:::devs")).toEqual({ username: "jane", groups: ["devs", "system:authenticated"] });
    expect(who(undefined)).toEqual({ username: "system:anonymous", groups: ["system:unauthenticated"] });
    const token = ask("POST /api/v1/namespaces/default/serviceaccounts/default/token", "root:::system:masters", {
      body: {},
    });
    expect(token).toMatchObject({ status: 201, body: { kind: "TokenRequest" } });
    const bearer = { authorization: `Bearer ${token.body.status.token}` };
    expect(who(undefined, bearer)).toMatchObject({
      username: "system:serviceaccount:default:default",
      groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
    });
    expect(ask(path, undefined, { headers: { authorization: "Bearer nonsense" } })).toMatchObject({
      status: 401,
      body: { reason: "Unauthorized", message: "Unauthorized" },
    });
  });

  test("tokens end with their time and with their service account", () => {
    const { ask, api, clock } = open();
    const root = "root:::system:masters";
    const spec = { expirationSeconds: 600 };
    const token = () =>
      ask("POST /api/v1/namespaces/default/serviceaccounts/default/token", root, { body: { spec } }).body.status.token;
    const status = (value: unknown) =>
      ask("GET /version", undefined, { headers: { authorization: `Bearer ${value}` } }).status;
    const first = token();
    expect(status(first)).not.toBe(401);
    clock.run(clock.now + 661 * SECOND);
    expect(status(first)).toBe(401);
    const second = token();
    expect(status(second)).not.toBe(401);
    const account = api.get("serviceaccounts", "default", "default");
    if (account) api.delete(account);
    expect(status(second)).toBe(401);
    const short = ask("POST /api/v1/namespaces/default/serviceaccounts/x/token", root, { body: { spec: {} } });
    expect(short.body.message).toBe('serviceaccounts "x" not found');
  });

  test("--anonymous-auth=false", () => {
    const { server } = world({ flags: { "anonymous-auth": "false" } });
    expect(server.handle({ method: "GET", path: "/version", headers: {} }).status).toBe(401);
  });
});

describe("RBAC", () => {
  const list = { verb: "list", group: "", resource: "pods", namespace: "default" };
  const may = ({ server }: World, attributes: Parameters<typeof can>[2], user = jane) =>
    can(server.context.authorizer, user, attributes);

  test("the words of a refusal", () => {
    const { ask, server, api } = open();
    const message = (line: string) => ask(line, "jane:::devs").body.message;
    expect(message("GET /api/v1/namespaces/default/pods")).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    expect(message("GET /api/v1/nodes/w1")).toBe(
      'nodes "w1" is forbidden: User "jane" cannot get resource "nodes" in API group "" at the cluster scope',
    );
    expect(message("GET /apis/apps/v1/namespaces/x/deployments/web/scale")).toBe(
      'deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments/scale" in API group "apps" in the namespace "x"',
    );
    expect(message("GET /api/v1/namespaces/x")).toBe(
      'namespaces "x" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "x"',
    );
    expect(message("GET /metrics")).toBe('forbidden: User "jane" cannot get path "/metrics"');
    const inProcess = refusal(() => server.client(jane, "x").list("secrets", "default"));
    expect(inProcess.message).toBe(
      'secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    api.create(binding("b", "Role", "gone", "User jane", "default"));
    expect(message("POST /api/v1/namespaces/default/pods")).toBe(
      'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "gone" not found',
    );
  });

  test("roles hold in their namespace, cluster roles where they are bound", () => {
    const w = open();
    w.api.create(role("reader", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }], "default"));
    w.api.create(binding("b", "Role", "reader", "User jane", "default"));
    expect(may(w, list)).toBe(true);
    expect(may(w, { ...list, verb: "delete" })).toBe(false);
    expect(may(w, { ...list, namespace: "other" })).toBe(false);
    expect(may(w, { ...list, namespace: undefined })).toBe(false);
    w.api.create(role("everywhere", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }]));
    w.api.create(binding("c", "ClusterRole", "everywhere", "Group devs"));
    expect(may(w, { ...list, verb: "delete", namespace: "other" })).toBe(true);
    const bound = w.api.get("clusterrolebindings.rbac.authorization.k8s.io", undefined, "c");
    if (bound) w.api.delete(bound);
    expect(may(w, { ...list, verb: "delete", namespace: "other" })).toBe(false);
  });

  test("names, subresources, paths, service accounts", () => {
    const w = open();
    const rules = [
      { verbs: ["get"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"] },
      { verbs: ["get"], apiGroups: [""], resources: ["pods/log", "*/scale"] },
      { verbs: ["get"], nonResourceURLs: ["/healthz/*"] },
    ];
    w.api.create(role("r", rules));
    w.api.create(binding("b", "ClusterRole", "r", "ServiceAccount bot default"));
    const bot = { name: "system:serviceaccount:default:bot", groups: [] };
    const get = (resource: string, more = {}) =>
      may(w, { verb: "get", group: "", resource, namespace: "x", ...more }, bot);
    expect(get("configmaps", { name: "a" })).toBe(true);
    expect(get("configmaps", { name: "b" })).toBe(false);
    expect(get("configmaps")).toBe(false);
    expect(get("pods")).toBe(false);
    expect(get("pods", { subresource: "log" })).toBe(true);
    expect(get("replicationcontrollers", { subresource: "scale" })).toBe(true);
    expect(may(w, { verb: "get", path: "/healthz/etcd" }, bot)).toBe(true);
    expect(may(w, { verb: "get", path: "/healthz" }, bot)).toBe(false);
  });

  test("reviews", () => {
    const { ask, api, server } = open();
    server.start("10.0.0.1");
    api.create(role("reader", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }], "default"));
    api.create(binding("b", "Role", "reader", "User jane", "default"));
    const self = (attributes: object) =>
      ask("POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "jane", {
        body: { spec: { resourceAttributes: attributes } } as never,
      });
    expect(self({ verb: "list", resource: "pods", namespace: "default" })).toMatchObject({
      status: 201,
      body: {
        kind: "SelfSubjectAccessReview",
        status: { allowed: true, reason: 'RBAC: allowed by RoleBinding "b/default" of Role "reader" to User "jane"' },
      },
    });
    expect(self({ verb: "list", resource: "secrets", namespace: "default" }).body.status).toEqual({ allowed: false });
    const rules = ask("POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "jane", {
      body: { spec: { namespace: "default" } },
    }).body.status as { resourceRules: unknown[]; nonResourceRules: unknown[] };
    expect(rules.resourceRules).toContainEqual({ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] });
    expect(rules.nonResourceRules).toContainEqual({
      verbs: ["get"],
      nonResourceURLs: expect.arrayContaining(["/healthz"]),
    });
    const other = ask("POST /apis/authorization.k8s.io/v1/subjectaccessreviews", "root:::system:masters", {
      body: { spec: { user: "jane", resourceAttributes: { verb: "get", resource: "pods", namespace: "default" } } },
    });
    expect(other.body.status).toMatchObject({ allowed: true });
    const discovery = ask("GET /api", "jane");
    expect(discovery.status).toBe(200);
  });

  test("nobody grants what they do not have", () => {
    const { server, api } = open();
    const manage = [{ verbs: ["*"], apiGroups: [group], resources: ["roles", "rolebindings"] }];
    const rules = [...manage, { verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
    // "*" holds escalate and bind as well: they are named one by one here.
    const verbs = ["create", "get", "update", "patch"];
    api.create(role("owner", [{ ...manage[0], verbs }, rules[1]], "default"));
    api.create(binding("owner", "Role", "owner", "User jane", "default"));
    const client = server.client(jane, "x");
    client.create(role("fine", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }], "default"));
    const wanted = [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "secrets"] }];
    expect(refusal(() => client.create(role("more", wanted, "default"))).message).toBe(
      [
        'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:',
        '{APIGroups:[""], Resources:["pods"], Verbs:["list"]}',
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
      ].join("\n"),
    );
    api.create(role("secrets", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }]));
    expect(refusal(() => client.create(binding("x", "ClusterRole", "secrets", "User jane", "default"))).reason).toBe(
      "Forbidden",
    );
    api.create(role("binder", [{ verbs: ["bind"], apiGroups: [group], resources: ["clusterroles"] }], "default"));
    api.create(binding("binder", "Role", "binder", "User jane", "default"));
    client.create(binding("x", "ClusterRole", "secrets", "User jane", "default"));
  });
});

describe("impersonation", () => {
  test("needs the right to, and makes the request another's", () => {
    const { ask } = open();
    const as = (user: string, group?: string) => ({
      headers: { "impersonate-user": user, ...(group ? { "impersonate-group": group } : {}) },
    });
    const path = "GET /api/v1/namespaces/default/pods";
    expect(ask(path, "jane", as("bob")).body.message).toBe(
      'users "bob" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    const root = "root:::system:masters";
    expect(ask(path, root, as("bob")).body.message).toBe(
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    expect(ask(path, root, as("bob", "system:masters")).status).toBe(200);
    expect(ask(path, root, as("system:serviceaccount:default:default")).body.message).toBe(
      'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });
});

describe("kubelets", () => {
  test("see what their pods need, and their own node", () => {
    const { server, api } = open();
    const node = server.client({ name: "system:node:w1", groups: ["system:nodes", "system:authenticated"] }, "kubelet");
    const secret = (name: string) =>
      api.create({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" } });
    secret("mine");
    secret("other");
    const volumes = [{ name: "v", secret: { secretName: "mine" } }];
    const env = [{ name: "E", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }];
    api.create(configMapNamed("settings"));
    api.create(podNamed("p", { spec: { containers: [{ name: "c", image: "i", env }], volumes } }));
    api.createAt("pods", "default", "p", "binding", { target: { name: "w1" } });
    expect(node.get("secrets", "default", "mine")).toBeDefined();
    expect(node.get("configmaps", "default", "settings")).toBeDefined();
    expect(refusal(() => node.get("secrets", "default", "other")).message).toBe(
      'secrets "other" is forbidden: User "system:node:w1" cannot get resource "secrets" in API group "" in the namespace "default": no relationship found between node \'w1\' and this object',
    );
    expect(refusal(() => node.get("nodes", undefined, "w2")).message).toMatch(
      /: node 'w1' cannot read 'w2', only its own Node object$/,
    );
    node.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w1" }, spec: {} });
    expect(node.indexed("pods", "node", "w1")).toHaveLength(1);
    expect(refusal(() => node.list("deployments.apps")).reason).toBe("Forbidden");
  });
});

describe("what the server makes sure of at its start", () => {
  test("namespaces, priority classes, roles, the Service kubernetes; again changes nothing", () => {
    const { server, api, store } = world({
      flags: { "authorization-mode": "Node,RBAC", "service-cluster-ip-range": "10.96.0.0/12" },
    });
    server.start("10.0.0.1");
    expect(api.list("namespaces").map(({ metadata }) => metadata.name)).toEqual([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
    expect(api.get("services", "default", "kubernetes")).toMatchObject({
      spec: { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }] },
    });
    expect(api.get("endpoints", "default", "kubernetes")).toMatchObject({
      subsets: [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ name: "https", port: 6443, protocol: "TCP" }] }],
    });
    expect(api.get("clusterroles.rbac.authorization.k8s.io", undefined, "cluster-admin")).toMatchObject({
      metadata: { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
      rules: [
        { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
        { nonResourceURLs: ["*"], verbs: ["*"] },
      ],
    });
    const { revision } = store;
    server.start("10.0.0.1");
    expect(store.revision).toBe(revision);
    server.start("10.0.0.2");
    expect(api.get("endpoints", "default", "kubernetes")).toMatchObject({
      subsets: [{ addresses: [{ ip: "10.0.0.2" }] }],
    });
    const deployment = { name: "system:serviceaccount:kube-system:deployment-controller", groups: [] };
    const rights = { verb: "create", group: "apps", resource: "replicasets", namespace: "x" };
    expect(can(server.context.authorizer, deployment, rights)).toBe(true);
    expect(can(server.context.authorizer, deployment, { ...rights, group: "", resource: "pods" })).toBe(false);
    expect(can(server.context.authorizer, admin, { ...rights, group: "", resource: "pods" })).toBe(true);
  });
});
