import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { base64Of } from "../../../src/base/base64.ts";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import type { CertificateSigningRequest } from "../../../src/kinds/types/certificates.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Ingress } from "../../../src/kinds/types/network.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { podNamed, refusal, type World, world } from "./setup.ts";

// Words of kubernetes plugin/pkg/admission, 1.35.

function withLimits(...limits: readonly object[]): World {
  const w = world();
  const metadata = { name: "l", namespace: "default" };
  w.api.create({ apiVersion: "v1", kind: "LimitRange", metadata, spec: { limits } } as KubeObject);
  return w;
}
const pod = (...resources: readonly (object | undefined)[]) =>
  podNamed("p", { spec: { containers: resources.map((one, i) => ({ name: `c${i}`, image: "i", resources: one })) } });
const said = (w: World, object: KubeObject) => refusal(() => w.api.create(object)).message;
const cpu = (requests: string | undefined, limits?: string) => ({
  ...(requests ? { requests: { cpu: requests } } : {}),
  ...(limits ? { limits: { cpu: limits } } : {}),
});

describe("LimitRanger", () => {
  test("gives what is left out, and says so", () => {
    const w = withLimits({
      type: "Container",
      default: { cpu: "500m", memory: "1Gi" },
      defaultRequest: { cpu: "100m" },
    });
    const made = w.api.create(
      pod(undefined, cpu("200m", "400m"), {
        requests: { cpu: "1", memory: "2Mi" },
        limits: { cpu: "1", memory: "2Mi" },
      }),
    ) as Pod;
    expect(made.spec.containers.map(({ resources }) => resources)).toEqual([
      { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "500m", memory: "1Gi" } },
      { requests: { cpu: "200m", memory: "1Gi" }, limits: { cpu: "400m", memory: "1Gi" } },
      { requests: { cpu: "1", memory: "2Mi" }, limits: { cpu: "1", memory: "2Mi" } },
    ]);
    expect(made.metadata.annotations?.["kubernetes.io/limit-ranger"]).toBe(
      "LimitRanger plugin set: cpu, memory request for container c0; cpu, memory limit for container c0; memory request for container c1; memory limit for container c1",
    );
  });

  test.each([
    [{ max: { cpu: "1" } }, cpu("1", "2"), "maximum cpu usage per Container is 1, but limit is 2"],
    [{ min: { cpu: "100m" } }, cpu("50m"), "minimum cpu usage per Container is 100m, but request is 50m"],
    [
      { maxLimitRequestRatio: { cpu: "2" } },
      cpu("100m", "400m"),
      "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000",
    ],
    [
      { maxLimitRequestRatio: { cpu: "2" } },
      undefined,
      "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0",
    ],
    [
      { max: { cpu: "1" }, min: { cpu: "100m" } },
      cpu("50m", "2"),
      "[minimum cpu usage per Container is 100m, but request is 50m, maximum cpu usage per Container is 1, but limit is 2]",
    ],
  ])("containers: %o", (limit, resources, why) => {
    expect(said(withLimits({ type: "Container", ...limit }), pod(resources))).toBe(`pods "p" is forbidden: ${why}`);
  });

  test("pods as a whole", () => {
    const w = withLimits({ type: "Pod", max: { cpu: "1" }, min: { memory: "1Mi" } });
    expect(said(w, pod(cpu("600m", "600m"), cpu("600m", "600m")))).toBe(
      'pods "p" is forbidden: [minimum memory usage per Pod is 1Mi.  No request is specified, maximum cpu usage per Pod is 1, but limit is 1200m]',
    );
    expect(said(w, pod(cpu("600m", "600m"), undefined))).toContain(
      "maximum cpu usage per Pod is 1.  No limit is specified",
    );
  });

  test("claims", () => {
    const w = withLimits({ type: "PersistentVolumeClaim", max: { storage: "2Gi" }, min: { storage: "1Gi" } });
    const claim = (storage: string) =>
      ({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "c", namespace: "default" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
      }) as KubeObject;
    expect(said(w, claim("3Gi"))).toBe(
      'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
    );
    expect(said(w, claim("1Mi"))).toBe(
      'persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi',
    );
    w.api.create(claim("2Gi"));
  });
});

test("RuntimeClass", () => {
  const w = world();
  const named = (name: string, more: object = {}) =>
    podNamed("p", { spec: { containers: [{ name: "a", image: "i" }], runtimeClassName: name, ...more } });
  expect(said(w, named("none"))).toBe('pods "p" is forbidden: pod rejected: RuntimeClass "none" not found');
  w.api.create({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "kata" },
    handler: "kata",
    overhead: { podFixed: { cpu: "100m" } },
    scheduling: { nodeSelector: { kata: "yes" }, tolerations: [{ key: "kata", operator: "Exists" }] },
  });
  expect(said(w, named("kata", { nodeSelector: { kata: "no" } }))).toBe(
    'pods "p" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kata] = yes; pod.spec.nodeSelector[kata] = no',
  );
  const made = w.api.create(named("kata")) as Pod;
  expect(made.spec).toMatchObject({ overhead: { cpu: "100m" }, nodeSelector: { kata: "yes" } });
  expect(made.spec.tolerations).toContainEqual({ key: "kata", operator: "Exists" });
});

test("DefaultIngressClass", () => {
  const { api, clock } = world();
  const ingressClass = (name: string, mark = "true") => {
    const metadata = { name, annotations: { "ingressclass.kubernetes.io/is-default-class": mark } };
    api.create({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata, spec: { controller: "a.b/c" } });
    clock.run(clock.now + 1_000_000, 10);
  };
  const ingress = (name: string, more: object = {}, spec: object = {}) =>
    api.create({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, namespace: "default", ...more },
      spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } }, ...spec },
    }) as Ingress;
  ingressClass("none", "false");
  expect(ingress("a").spec?.ingressClassName).toBeUndefined();
  ingressClass("older");
  ingressClass("newer");
  expect(ingress("b").spec?.ingressClassName).toBe("newer");
  expect(ingress("c", {}, { ingressClassName: "older" }).spec?.ingressClassName).toBe("older");
  expect(ingress("d", { annotations: { "kubernetes.io/ingress.class": "x" } }).spec?.ingressClassName).toBeUndefined();
});

describe("certificate requests", () => {
  const asked = (name: string, signerName = "kubernetes.io/kube-apiserver-client"): KubeObject => {
    const text = readFileSync(new URL(`../../corpus/x509/${name}.csr`, import.meta.url), "utf8");
    const spec = { request: base64Of(bytesOf(text)), signerName, usages: ["client auth"] };
    return { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { name }, spec };
  };
  const approve = (csr: KubeObject): CertificateSigningRequest =>
    ({
      ...csr,
      status: { conditions: [{ type: "Approved", status: "True", reason: "x", message: "y" }] },
    }) as CertificateSigningRequest;

  test("who asks is written down, whatever the request says", () => {
    const { api } = world();
    const { spec } = api.create(asked("rsa")) as CertificateSigningRequest;
    expect([spec.username, spec.groups]).toEqual(["kubernetes-admin", ["system:masters", "system:authenticated"]]);
  });

  test("nobody becomes a master", () => {
    const { api } = world();
    expect(said({ api } as World, asked("masters"))).toBe(
      'certificatesigningrequests.certificates.k8s.io "masters" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
    api.create(asked("masters", "example.com/mine"));
  });

  test("who decides needs the right to approve for that signer", () => {
    const { api, server } = world();
    const csr = api.create(asked("rsa"));
    const role = (name: string, rules: object[]) => {
      api.create({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules });
      api.create({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "jane" }],
      });
    };
    const group = { apiGroups: ["certificates.k8s.io"] };
    role("update", [{ ...group, resources: ["certificatesigningrequests/approval"], verbs: ["update"] }]);
    const jane = server.client({ name: "jane", groups: [] }, "test");
    expect(refusal(() => jane.modify(csr, approve, "approval")).message).toBe(
      'certificatesigningrequests.certificates.k8s.io "rsa" is forbidden: user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
    );
    role("approve", [{ ...group, resources: ["signers"], resourceNames: ["kubernetes.io/*"], verbs: ["approve"] }]);
    expect(jane.modify(csr, approve, "approval")?.status).toMatchObject({ conditions: [{ type: "Approved" }] });
  });
});
