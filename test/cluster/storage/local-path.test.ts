import { describe, expect, test } from "vitest";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import { claim, ofClaim, pod, storageLab } from "./setup.ts";

// rancher.io/local-path as local-path-provisioner 0.0.32 works: provisioner.go, deploy/local-path-storage.yaml.

describe("local-path-provisioner", () => {
  const lab = storageLab("local-path-provisioner");
  const claimNamed = (name: string) =>
    lab.api.get<PersistentVolumeClaim>("persistentvolumeclaims", "default", name) as PersistentVolumeClaim;
  const volumeOf = (name: string) =>
    lab.api.get<PersistentVolume>("persistentvolumes", undefined, claimNamed(name).spec.volumeName ?? "");
  const nodeOf = (name: string) => lab.api.get<Pod>("pods", "default", name)?.spec.nodeName ?? "";

  test("its class is the default one, and waits for the first consumer", () => {
    expect(lab.sh("cp", "kubectl get sc --no-headers").replace(/ +/g, " ")).toMatch(
      /^local-path \(default\) rancher.io\/local-path Delete WaitForFirstConsumer false /,
    );
    lab.apply(claim("data", ""));
    lab.pass(5);
    expect(claimNamed("data")).toMatchObject({
      spec: { storageClassName: "local-path" },
      status: { phase: "Pending" },
    });
    expect(lab.events("PersistentVolumeClaim", "data")).toEqual([
      "Normal WaitForFirstConsumer waiting for first consumer to be created before binding",
    ]);
  });

  test("a pod gets its volume on its node: a folder there, which ssh shows", () => {
    lab.apply(pod("writer", ofClaim("data"), "echo hello > /data/file"));
    lab.pass(30);
    const { metadata, spec, status } = volumeOf("data") as PersistentVolume;
    const node = nodeOf("writer");
    const uid = claimNamed("data").metadata.uid;
    expect(status?.phase).toBe("Bound");
    expect(metadata).toMatchObject({
      name: `pvc-${uid}`,
      annotations: {
        "local.path.provisioner/selected-node": node,
        "pv.kubernetes.io/provisioned-by": "rancher.io/local-path",
      },
      finalizers: ["kubernetes.io/pv-protection"],
    });
    const path = `/opt/local-path-provisioner/pvc-${uid}_default_data`;
    expect(spec).toMatchObject({
      hostPath: { path, type: "DirectoryOrCreate" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
          ],
        },
      },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: "local-path",
    });
    expect(lab.sh("cp", `ssh ${node} cat ${path}/file`)).toBe("hello\n");
    expect(lab.events("PersistentVolumeClaim", "data").slice(-2)).toEqual([
      'Normal Provisioning External provisioner is provisioning volume for claim "default/data"',
      `Normal ProvisioningSucceeded Successfully provisioned volume pvc-${uid}`,
    ]);
    expect(lab.events("Pod", `helper-pod-create-pvc-${uid}`).map((line) => line.split(" ")[1])).toContain("Started");
  });

  test("what one pod wrote the next one reads, and it goes to the same node", () => {
    const before = nodeOf("writer");
    lab.sh("cp", "kubectl delete pod writer --now");
    lab.apply(pod("reader", ofClaim("data"), "cat /data/file"));
    lab.pass(20);
    expect(nodeOf("reader")).toBe(before);
    expect(lab.sh("cp", "kubectl logs reader")).toBe("hello\n");
  });

  test("a claim that is used stays until its pod is gone; then volume and folder go, too", () => {
    const { name } = (volumeOf("data") as PersistentVolume).metadata;
    const node = nodeOf("reader");
    lab.sh("cp", "kubectl delete pvc data --wait=false");
    lab.pass(5);
    expect(lab.sh("cp", "kubectl get pvc data --no-headers").split(/ +/)[1]).toBe("Terminating");
    lab.sh("cp", "kubectl delete pod reader --now");
    lab.pass(30);
    expect(lab.api.get("persistentvolumes", undefined, name)).toBeUndefined();
    expect(lab.sh(node, "ls /opt/local-path-provisioner")).toBe("");
  });

  const refused: readonly (readonly [name: string, spec: string, why: string])[] = [
    [
      "shared",
      "accessModes: [ReadWriteMany]",
      "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes",
    ],
    ["chosen", "selector: {matchLabels: {a: b}}", "claim.Spec.Selector is not supported"],
  ];
  test.each(refused)("a claim it cannot serve: %s", (name, spec, why) => {
    lab.apply(
      claim(name, spec).replace(
        "accessModes: [ReadWriteOnce], ",
        spec.startsWith("access") ? "" : "accessModes: [ReadWriteOnce], ",
      ),
    );
    lab.apply(pod(`wants-${name}`, ofClaim(name), "true"));
    lab.pass(20);
    expect(lab.events("PersistentVolumeClaim", name)).toContain(
      `Warning ProvisioningFailed failed to provision volume with StorageClass "local-path": ${why}`,
    );
  });

  test("its ConfigMap says where volumes are made, by node", () => {
    const config = `{"nodePathMap":[{"node":"DEFAULT_PATH_FOR_NON_LISTED_NODES","paths":["/mnt/disks"]},{"node":"w2","paths":[]}]}`;
    lab.sh(
      "cp",
      `kubectl -n local-path-storage patch cm local-path-config -p '${JSON.stringify({ data: { "config.json": config } })}'`,
    );
    lab.pass(150);
    lab.apply(claim("here", "") + pod("on-w1", ofClaim("here"), "true", "nodeSelector: {kubernetes.io/hostname: w1}"));
    lab.apply(
      claim("there", "") + pod("on-w2", ofClaim("there"), "true", "nodeSelector: {kubernetes.io/hostname: w2}"),
    );
    lab.pass(30);
    expect(volumeOf("here")?.spec.hostPath?.path).toMatch(/^\/mnt\/disks\/pvc-/);
    expect(lab.events("PersistentVolumeClaim", "there")).toContain(
      'Warning ProvisioningFailed failed to provision volume with StorageClass "local-path": no local path available on node w2',
    );
  });

  test("without its pod nothing is made", () => {
    lab.sh("cp", "kubectl -n local-path-storage scale deploy local-path-provisioner --replicas=0");
    lab.pass(40);
    lab.apply(claim("late", "") + pod("waits", ofClaim("late"), "true", "nodeSelector: {kubernetes.io/hostname: w1}"));
    lab.pass(60);
    expect(claimNamed("late").status?.phase).toBe("Pending");
    expect(lab.events("PersistentVolumeClaim", "late")).toContain(
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    );
    lab.sh("cp", "kubectl -n local-path-storage scale deploy local-path-provisioner --replicas=1");
    lab.pass(40);
    expect(claimNamed("late").status?.phase).toBe("Bound");
  });

  test("a class that may grow, with a provisioner that cannot: the claim waits for ever", () => {
    lab.sh("cp", "kubectl patch sc local-path -p '{\"allowVolumeExpansion\":true}'");
    lab.sh("cp", 'kubectl patch pvc here -p \'{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}\'');
    lab.pass(60);
    expect(claimNamed("here").status?.capacity?.storage).toBe("1Gi");
    expect(lab.events("PersistentVolumeClaim", "here")).toContain(
      "Normal ExternalExpanding waiting for an external controller to expand this PVC",
    );
  });

  test("without its rights it says what it lacks", () => {
    lab.sh("cp", "kubectl -n local-path-storage delete rolebinding local-path-provisioner-bind");
    lab.apply(
      claim("lawless", "") + pod("stuck", ofClaim("lawless"), "true", "nodeSelector: {kubernetes.io/hostname: w1}"),
    );
    lab.pass(20);
    expect(lab.events("PersistentVolumeClaim", "lawless").at(-1)).toMatch(
      /^Warning ProvisioningFailed failed to provision volume with StorageClass "local-path": pods is forbidden: User "system:serviceaccount:local-path-storage:local-path-provisioner-service-account" cannot create resource "pods" in API group "" in the namespace "local-path-storage"$/,
    );
  });
});
