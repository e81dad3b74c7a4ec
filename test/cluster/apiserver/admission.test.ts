import { describe, expect, test } from "vitest";
import type { Node, PersistentVolumeClaim, PriorityClass } from "../../../src/kinds/types/core.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { configMapNamed, podNamed, refusal, world } from "./setup.ts";

function priorityClass(name: string, value: number, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name }, value, ...more };
}

describe("NamespaceLifecycle", () => {
  test("nothing new in a namespace that ends; some may not be deleted", () => {
    const { api } = world();
    const x = api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } });
    api.delete(x);
    expect(api.get("namespaces", undefined, "x")).toMatchObject({ status: { phase: "Terminating" } });
    const refused = refusal(() => api.create({ ...configMapNamed("a"), metadata: { name: "a", namespace: "x" } }));
    expect(refused.message).toBe(
      'configmaps "a" is forbidden: unable to create new content in namespace x because it is being terminated',
    );
    expect(refused.details?.causes).toEqual([
      { reason: "NamespaceTerminating", message: "namespace x is being terminated", field: "metadata.namespace" },
    ]);
    const immortal = api.get("namespaces", undefined, "default") as KubeObject;
    expect(refusal(() => api.delete(immortal)).message).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
  });
});

describe("ServiceAccount", () => {
  test("the token's volume is mounted in every container", () => {
    const { api } = world();
    const containers = [{ name: "a", image: "i" }];
    const pod = api.create(podNamed("p", { spec: { containers, initContainers: [{ name: "b", image: "i" }] } })) as Pod;
    const volume = pod.spec.volumes?.[0];
    expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(volume?.projected).toEqual({
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 420,
    });
    const mount = { name: volume?.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" };
    expect(pod.spec.containers[0]?.volumeMounts).toEqual([mount]);
    expect(pod.spec.initContainers?.[0]?.volumeMounts).toEqual([mount]);
    expect(pod.spec).toMatchObject({ serviceAccountName: "default", serviceAccount: "default" });
  });

  test("not where the pod or the account says no; pull secrets come from the account", () => {
    const { api } = world();
    const metadata = { name: "quiet", namespace: "default" };
    const imagePullSecrets = [{ name: "registry" }];
    api.create({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
      imagePullSecrets,
    });
    const spec = { containers: [{ name: "a", image: "i" }], serviceAccountName: "quiet" };
    const quiet = api.create(podNamed("quiet", { spec })) as Pod;
    expect(quiet.spec.volumes).toBeUndefined();
    expect(quiet.spec.imagePullSecrets).toEqual(imagePullSecrets);
    const loud = api.create(podNamed("loud", { spec: { ...spec, automountServiceAccountToken: true } })) as Pod;
    expect(loud.spec.volumes).toHaveLength(1);
  });

  test("an account that is not there", () => {
    const { api } = world();
    const spec = { containers: [{ name: "a", image: "i" }], serviceAccountName: "x" };
    expect(refusal(() => api.create(podNamed("p", { spec }))).message).toBe(
      'pods "p" is forbidden: error looking up service account default/x: serviceaccount "x" not found',
    );
  });
});

describe("Priority", () => {
  test("from the class, the default class, or nothing", () => {
    const { api } = world();
    expect((api.create(podNamed("a")) as Pod).spec).toMatchObject({
      priority: 0,
      preemptionPolicy: "PreemptLowerPriority",
    });
    api.create(priorityClass("high", 1000, { preemptionPolicy: "Never" }));
    const named = (priorityClassName: string) => ({ containers: [{ name: "c", image: "i" }], priorityClassName });
    expect((api.create(podNamed("b", { spec: named("high") })) as Pod).spec).toMatchObject({
      priority: 1000,
      preemptionPolicy: "Never",
    });
    api.create(priorityClass("usual", 5, { globalDefault: true }));
    expect((api.create(podNamed("c")) as Pod).spec).toMatchObject({ priority: 5, priorityClassName: "usual" });
    expect(refusal(() => api.create(podNamed("d", { spec: named("none") }))).message).toBe(
      'pods "d" is forbidden: no PriorityClass with name none was found',
    );
    const wrong = { ...named("high"), priority: 7 };
    expect(refusal(() => api.create(podNamed("e", { spec: wrong }))).message).toBe(
      'pods "e" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name',
    );
    expect(refusal(() => api.create(priorityClass("other", 6, { globalDefault: true }))).message).toBe(
      'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
    );
    expect(api.get<PriorityClass>("priorityclasses.scheduling.k8s.io", undefined, "usual")?.value).toBe(5);
  });
});

describe("the small ones", () => {
  test("DefaultTolerationSeconds", () => {
    const { api } = world();
    const own = { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 7 };
    const pod = api.create(
      podNamed("p", { spec: { containers: [{ name: "c", image: "i" }], tolerations: [own] } }),
    ) as Pod;
    expect(pod.spec.tolerations).toEqual([
      own,
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    ]);
  });

  test("TaintNodesByCondition", () => {
    const { api } = world();
    const node = api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "w1" }, spec: {} }) as Node;
    expect(node.spec.taints).toEqual([{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }]);
  });

  test("DefaultStorageClass and StorageObjectInUseProtection", () => {
    const { api, clock } = world();
    const storageClass = (name: string) =>
      api.create({
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
        provisioner: "x.io/y",
      } as KubeObject);
    const claim = (name: string, storageClassName?: string) =>
      api.create({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name, namespace: "default" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
          ...(storageClassName === undefined ? {} : { storageClassName }),
        },
      }) as PersistentVolumeClaim;
    expect(claim("none").spec.storageClassName).toBeUndefined();
    storageClass("old");
    clock.run(clock.now + 10_000_000);
    storageClass("new");
    expect(claim("a").spec.storageClassName).toBe("new");
    expect(claim("b", "").spec.storageClassName).toBe("");
    expect(claim("c").metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
  });

  test("plugins can be switched off", () => {
    const { api } = world({ flags: { "disable-admission-plugins": "Priority,DefaultTolerationSeconds" } });
    const pod = api.create(podNamed("p")) as Pod;
    expect(pod.spec.priority).toBeUndefined();
    expect(pod.spec.tolerations).toBeUndefined();
  });
});
