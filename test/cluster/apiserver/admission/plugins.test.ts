import { describe, expect, test } from "vitest";
import {
  admissionFileFault,
  admissionFlagFault,
  pluginNames,
} from "../../../../src/cluster/apiserver/admission/configuration.ts";
import { plugins } from "../../../../src/cluster/apiserver/admission/index.ts";
import type { Api } from "../../../../src/cluster/apiserver/define.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../../src/kinds/types/pod.ts";
import { configMapNamed, podNamed, refusal, world } from "../setup.ts";

// Texts and lists by kubernetes v1.35.0: pkg/kubeapiserver/options/plugins.go, plugin/pkg/admission.

function withPlugins(names: string, more: Record<string, string> = {}) {
  return world({ flags: { "authorization-mode": "Node,RBAC", "enable-admission-plugins": names, ...more } });
}

const defaultOn =
  "NamespaceLifecycle LimitRanger ServiceAccount TaintNodesByCondition PodSecurity Priority DefaultTolerationSeconds DefaultStorageClass StorageObjectInUseProtection PersistentVolumeClaimResize RuntimeClass CertificateApproval CertificateSigning CertificateSubjectRestriction DefaultIngressClass PodTopologyLabels MutatingAdmissionWebhook ValidatingAdmissionPolicy ValidatingAdmissionWebhook ResourceQuota";

describe("which plugins", () => {
  test("on by default, in the server's order", () => {
    const on = plugins.filter(({ offByDefault }) => !offByDefault).map(({ name }) => name);
    expect(on.join(" ")).toBe(defaultOn);
  });

  test("all in the order of the names that the server knows", () => {
    const order = [...pluginNames];
    const places = plugins.map(({ name }) => order.indexOf(name));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test.each([
    [{ "enable-admission-plugins": "NodeRestriction" }, undefined],
    [{ "enable-admission-plugins": "Foo" }, 'enable-admission-plugins plugin "Foo" is unknown'],
    [{ "disable-admission-plugins": "Foo" }, 'disable-admission-plugins plugin "Foo" is unknown'],
    [
      { "enable-admission-plugins": "Foo,NodeRestriction", "disable-admission-plugins": "NodeRestriction,Bar" },
      '[enable-admission-plugins plugin "Foo" is unknown, disable-admission-plugins plugin "Bar" is unknown, [NodeRestriction] in enable-admission-plugins and disable-admission-plugins overlapped]',
    ],
    [
      { "enable-admission-plugins": "PodSecurity", "disable-admission-plugins": "PodSecurity" },
      "[PodSecurity] in enable-admission-plugins and disable-admission-plugins overlapped",
    ],
  ])("flags %j", (flags, fault) => expect(admissionFlagFault(flags)).toBe(fault));

  const head = "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n";
  const security = (version: string, rest: string) =>
    `${head}plugins:\n- name: PodSecurity\n  configuration: {apiVersion: pod-security.admission.config.k8s.io/${version}, kind: PodSecurityConfiguration${rest}}\n`;
  const said = "failed to apply admission: ";
  test.each([
    [
      "none",
      undefined,
      `${said}failed to read plugin config: unable to read admission control configuration from "/a.yaml" [open /a.yaml: no such file or directory]`,
    ],
    ["nothing in it", head, undefined],
    [
      "another kind",
      "apiVersion: v1\nkind: Pod\n",
      `${said}failed to read plugin config: no kind "Pod" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    ],
    ["right", security("v1", ", defaults: {enforce: baseline}"), undefined],
    [
      "a level",
      security("v1", ", defaults: {enforce: high}"),
      `${said}failed to initialize admission plugin "PodSecurity": PodSecurity invalid: defaults.enforce: Invalid value: "high": must be one of privileged, baseline, restricted`,
    ],
    [
      "a version",
      security("v2", ""),
      `${said}couldn't init admission plugin "PodSecurity": no kind "PodSecurityConfiguration" is registered for version "pod-security.admission.config.k8s.io/v2" in scheme "pkg/runtime/scheme.go:100"`,
    ],
  ])("configuration file: %s", (_name, text, fault) => {
    expect(admissionFileFault({ "admission-control-config-file": "/a.yaml" }, () => text)).toBe(fault);
  });
});

describe("AlwaysDeny", () => {
  test("nothing is written", () => {
    expect(refusal(() => withPlugins("AlwaysDeny")).message).toBe(
      'namespaces "default" is forbidden: admission control is denying all modifications',
    );
  });
});

describe("namespaces", () => {
  test("NamespaceAutoProvision makes them", () => {
    const { api } = withPlugins("NamespaceAutoProvision", { "disable-admission-plugins": "ServiceAccount" });
    api.create({ ...configMapNamed("a"), metadata: { name: "a", namespace: "new" } });
    expect(api.get("namespaces", undefined, "new")).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "new" } },
      status: { phase: "Active" },
    });
  });

  test("NamespaceExists misses them", () => {
    const { api } = withPlugins("NamespaceExists", { "disable-admission-plugins": "NamespaceLifecycle" });
    const object = { ...configMapNamed("a"), metadata: { name: "a", namespace: "none" } };
    expect(refusal(() => api.create(object)).message).toBe('namespaces "none" not found');
  });
});

describe("pods", () => {
  const create = (names: string, spec: Record<string, unknown>, annotations: Record<string, string> = {}) => {
    const { api } = withPlugins(names);
    if (Object.keys(annotations).length > 0) {
      const home = api.get("namespaces", undefined, "default")!;
      api.update({ ...home, metadata: { ...home.metadata, annotations } });
    }
    const containers = [{ name: "web", image: "nginx:1.25" }];
    return () => (api.create(podNamed("p", { spec: { containers, ...spec } })) as Pod).spec;
  };

  test("AlwaysPullImages", () => {
    const containers = [{ name: "web", image: "nginx:1.25", imagePullPolicy: "Never" }];
    expect(create("AlwaysPullImages", { containers })().containers[0]?.imagePullPolicy).toBe("Always");
  });

  test("LimitPodHardAntiAffinityTopology", () => {
    const affinity = (topologyKey: string) => ({
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: {} }] },
      },
    });
    expect(create("LimitPodHardAntiAffinityTopology", affinity("kubernetes.io/hostname"))).not.toThrow();
    expect(refusal(create("LimitPodHardAntiAffinityTopology", affinity("zone"))).message).toBe(
      'pods "p" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed',
    );
  });

  const selector = "scheduler.alpha.kubernetes.io/node-selector";
  test.each([
    ["adds", {}, { disk: "ssd" }],
    ["merges", { nodeSelector: { a: "b" } }, { disk: "ssd", a: "b" }],
  ])("PodNodeSelector %s", (_name, spec, merged) => {
    expect(create("PodNodeSelector", spec, { [selector]: "disk=ssd" })().nodeSelector).toEqual(merged);
  });

  test("PodNodeSelector refuses what does not fit", () => {
    const spec = { nodeSelector: { disk: "hdd" } };
    expect(refusal(create("PodNodeSelector", spec, { [selector]: "disk=ssd" })).message).toBe(
      'pods "p" is forbidden: pod node label selector conflicts with its namespace node label selector',
    );
  });

  const allowed = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";
  const added = "scheduler.alpha.kubernetes.io/defaultTolerations";
  const gpu = { key: "gpu", operator: "Exists", effect: "NoSchedule" };
  test("PodTolerationRestriction adds the namespace's", () => {
    const { tolerations } = create("PodTolerationRestriction", {}, { [added]: JSON.stringify([gpu]) })();
    expect(tolerations).toContainEqual(gpu);
  });

  test("PodTolerationRestriction refuses others", () => {
    const run = create(
      "PodTolerationRestriction",
      { tolerations: [{ ...gpu, key: "x" }] },
      { [allowed]: JSON.stringify([gpu]) },
    );
    expect(refusal(run)).toMatchObject({
      code: 500,
      message:
        "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist",
    });
  });

  test("PodTolerationRestriction: who asks for memory stays under memory pressure", () => {
    const containers = [{ name: "web", image: "nginx", resources: { requests: { memory: "1Mi" } } }];
    expect(create("PodTolerationRestriction", { containers })().tolerations).toContainEqual({
      key: "node.kubernetes.io/memory-pressure",
      operator: "Exists",
      effect: "NoSchedule",
    });
  });

  test("ExtendedResourceToleration", () => {
    const resources = { requests: { "example.com/gpu": "1", cpu: "1" }, limits: { "example.com/gpu": "1" } };
    const { tolerations } = create("ExtendedResourceToleration", {
      containers: [{ name: "web", image: "nginx", resources }],
    })();
    expect(tolerations).toContainEqual({ key: "example.com/gpu", operator: "Exists", effect: "NoSchedule" });
  });

  test("DefaultTolerationSeconds follows the flags", () => {
    const { api } = world({ flags: { "default-not-ready-toleration-seconds": "30" } });
    const { tolerations } = (api.create(podNamed("p")) as Pod).spec;
    expect(tolerations?.map(({ tolerationSeconds }) => tolerationSeconds)).toEqual([30, 300]);
  });

  test("PodTopologyLabels: a pod learns its node's zone when it is bound", () => {
    const { api } = world();
    const labels = { "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r", other: "x" };
    api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n1", labels } });
    api.create(podNamed("p"));
    api.createAt("pods", "default", "p", "binding", { target: { kind: "Node", name: "n1" } });
    const { other: _, ...zone } = labels;
    expect(api.get("pods", "default", "p")?.metadata.labels).toEqual(zone);
  });
});

describe("DenyServiceExternalIPs", () => {
  test("new addresses are refused", () => {
    const service = (externalIPs: string[]) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "default" },
      spec: { ports: [{ port: 80 }], externalIPs },
    });
    const { api } = withPlugins("DenyServiceExternalIPs");
    expect(refusal(() => api.create(service(["1.2.3.4"]))).message).toBe(
      'services "s" is forbidden: Use of external IPs is denied by admission control',
    );
    expect(() => api.create(service([]))).not.toThrow();
  });
});

describe("PersistentVolumeClaimResize", () => {
  const grown = (phase: string, allowVolumeExpansion: boolean | undefined) => {
    const { api } = world();
    api.create({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "c" },
      provisioner: "p",
      ...(allowVolumeExpansion === undefined ? {} : { allowVolumeExpansion }),
    });
    const claim = api.create({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "d", namespace: "default" },
      spec: { storageClassName: "c", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    const bound = api.updateStatus({ ...claim, status: { phase, capacity: { storage: "1Gi" } } });
    const spec = { ...(bound.spec as object), resources: { requests: { storage: "2Gi" } } };
    return () => api.update({ ...bound, spec });
  };

  test.each([
    ["Bound", true, undefined],
    [
      "Bound",
      undefined,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    ],
    [
      "Bound",
      false,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    ],
  ])("%s, allowed %s", (phase, allow, why) => {
    if (why === undefined) expect(grown(phase, allow)).not.toThrow();
    else expect(refusal(grown(phase, allow)).message).toBe(`persistentvolumeclaims "d" is forbidden: ${why}`);
  });
});

describe("OwnerReferencesPermissionEnforcement", () => {
  const rights = (api: Api, rules: object[]) => {
    api.create({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "r" }, rules });
    const subjects = [{ kind: "User", name: "jane", apiGroup: "rbac.authorization.k8s.io" }];
    const roleRef = { kind: "ClusterRole", name: "r", apiGroup: "rbac.authorization.k8s.io" };
    api.create({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "r" },
      subjects,
      roleRef,
    });
  };
  const base = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create", "update", "get"] }];
  const finalizers = { apiGroups: [""], resources: ["pods/finalizers"], verbs: ["update"] };
  const owned = (more: object = {}) => ({
    ...configMapNamed("c"),
    metadata: {
      name: "c",
      namespace: "default",
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "o", uid: "1", ...more }],
    },
  });
  const janes = (rules: object[]) => {
    const { api, server } = withPlugins("OwnerReferencesPermissionEnforcement");
    rights(api, rules);
    return server.client({ name: "jane", groups: ["system:authenticated"] }, "test");
  };

  test("a new object may have an owner", () => {
    expect(() => janes(base).create(owned() as KubeObject)).not.toThrow();
  });

  test("holding up the owner's deletion needs the right to its finalizers", () => {
    const object = owned({ blockOwnerDeletion: true }) as KubeObject;
    expect(refusal(() => janes(base).create(object)).message).toBe(
      'configmaps "c" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can\'t set finalizers on: , <nil>',
    );
    expect(() => janes([...base, finalizers]).create(object)).not.toThrow();
  });

  test("an owner of no known kind", () => {
    const object = owned({ apiVersion: "example.com/v1", kind: "Widget", blockOwnerDeletion: true }) as KubeObject;
    expect(refusal(() => janes(base).create(object)).message).toBe(
      'configmaps "c" is forbidden: cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion example.com/v1 Kind Widget: no matches for kind "Widget" in version "example.com/v1"',
    );
  });

  test("changing the owners needs the right to delete", () => {
    const api = janes(base);
    const object = api.create(configMapNamed("c"));
    const changed = {
      ...object,
      metadata: { ...object.metadata, ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "o", uid: "1" }] },
    };
    expect(refusal(() => api.update(changed)).message).toBe(
      'configmaps "c" is forbidden: cannot set an ownerRef on a resource you can\'t delete: , <nil>',
    );
  });
});
