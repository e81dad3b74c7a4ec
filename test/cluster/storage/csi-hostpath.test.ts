import { describe, expect, test } from "vitest";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "../../../src/kinds/types/core.ts";
import type { Pod } from "../../../src/kinds/types/pod.ts";
import type { CSINode, VolumeAttachment } from "../../../src/kinds/types/storage.ts";
import { claim, ofClaim, pod, storageLab } from "./setup.ts";

// csi-driver-host-path 1.17 with its sidecars (external-provisioner 5.3, -attacher 4.9, -resizer 1.14, -snapshotter 8.3),
// and Kubernetes' side of them: pkg/volume/csi, pkg/controller/volume/attachdetach, 1.35.

const sc = "storageClassName: csi-hostpath-sc";
const snapshot = (name: string, of: string, more = "") => `---
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: ${name}}
spec: {source: {persistentVolumeClaimName: ${of}}${more}}
`;

describe("csi-hostpath", () => {
  const lab = storageLab("csi-hostpath");
  const home = lab.api.get<Pod>("pods", "kube-system", "csi-hostpathplugin-0")?.spec.nodeName ?? "";
  const other = home === "w1" ? "w2" : "w1";
  const claimNamed = (name: string) =>
    lab.api.get<PersistentVolumeClaim>("persistentvolumeclaims", "default", name) as PersistentVolumeClaim;
  const volumeOf = (name: string) =>
    lab.api.get<PersistentVolume>(
      "persistentvolumes",
      undefined,
      claimNamed(name).spec.volumeName ?? "",
    ) as PersistentVolume;
  const attachments = () => lab.api.list<VolumeAttachment>("volumeattachments.storage.k8s.io");
  const grow = (name: string, size: string) =>
    lab.sh("cp", `kubectl patch pvc ${name} -p '{"spec":{"resources":{"requests":{"storage":"${size}"}}}}'`);
  const row = (what: string) => lab.sh("cp", `kubectl get ${what} --no-headers`).trim().split(/ {2,}/);

  test("each kubelet keeps a CSINode; the driver registers at the one it runs beside", () => {
    const nodes = lab.api.list<CSINode>("csinodes.storage.k8s.io");
    expect(nodes.map(({ metadata, spec }) => [metadata.name, spec.drivers])).toEqual(
      ["cp", "w1", "w2"].map((name) => [
        name,
        name === home
          ? [{ name: "hostpath.csi.k8s.io", nodeID: home, topologyKeys: ["topology.hostpath.csi/node"] }]
          : null,
      ]),
    );
    expect(nodes[0]?.metadata.ownerReferences).toMatchObject([{ kind: "Node", name: "cp" }]);
    const node = lab.api.get<Node>("nodes", undefined, home);
    expect(node?.metadata.labels?.["topology.hostpath.csi/node"]).toBe(home);
    expect(node?.metadata.annotations?.["csi.volume.kubernetes.io/nodeid"]).toBe(`{"hostpath.csi.k8s.io":"${home}"}`);
  });

  test("a claim is served at once; the pod's volume is attached and mounted", () => {
    lab.apply(claim("data", sc) + pod("writer", ofClaim("data"), "echo one > /data/file"));
    lab.pass(30);
    const volume = volumeOf("data");
    expect(volume.metadata.finalizers).toEqual([
      "external-provisioner.volume.kubernetes.io/finalizer",
      "kubernetes.io/pv-protection",
      "external-attacher/hostpath-csi-k8s-io",
    ]);
    expect(volume.spec).toMatchObject({
      csi: { driver: "hostpath.csi.k8s.io" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "topology.hostpath.csi/node", values: [home] }] }],
        },
      },
    });
    expect(attachments().map(({ spec, status }) => [spec.nodeName, status?.attached])).toEqual([[home, true]]);
    expect(lab.events("Pod", "writer")).toContain(
      `Normal SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `,
    );
    const handle = (volume.spec.csi as { volumeHandle: string }).volumeHandle;
    expect(lab.sh(home, `cat /var/lib/csi-hostpath-data/${handle}/file`)).toBe("one\n");
    expect(lab.api.get<Node>("nodes", undefined, home)?.status?.volumesAttached).toEqual([
      { name: `kubernetes.io/csi/hostpath.csi.k8s.io^${handle}`, devicePath: "" },
    ]);
  });

  test("a snapshot, and claims filled from it and from a claim", () => {
    lab.apply(snapshot("snap", "data"));
    lab.pass(5);
    expect(row("vs snap").slice(0, 5)).toEqual(["snap", "true", "data", "1Gi", "csi-hostpath-snapclass"]);
    expect(lab.events("VolumeSnapshot", "snap")).toEqual([
      "Normal CreatingSnapshot Waiting for a snapshot default/snap to be created by the CSI driver.",
      "Normal SnapshotCreated Snapshot default/snap was successfully created by the CSI driver.",
      "Normal SnapshotReady Snapshot default/snap is ready to use.",
    ]);
    lab.sh("cp", "kubectl exec writer -- sh -c 'echo two >> /data/file'");
    lab.apply(
      claim("restored", `${sc}, dataSource: {kind: VolumeSnapshot, name: snap, apiGroup: snapshot.storage.k8s.io}`) +
        claim("cloned", `${sc}, dataSource: {kind: PersistentVolumeClaim, name: data}`) +
        pod("from-snap", ofClaim("restored"), "cat /data/file") +
        pod("from-claim", ofClaim("cloned"), "cat /data/file"),
    );
    lab.pass(30);
    expect(lab.sh("cp", "kubectl logs from-snap")).toBe("one\n");
    expect(lab.sh("cp", "kubectl logs from-claim")).toBe("one\ntwo\n");
  });

  const unfilled: readonly (readonly [name: string, source: string, size: string, why: string])[] = [
    [
      "no-claim",
      "kind: PersistentVolumeClaim, name: none",
      "1Gi",
      'error getting handle for DataSource Type PersistentVolumeClaim by Name none: error getting PVC none (namespace "default") from api server: persistentvolumeclaim "none" not found',
    ],
    [
      "too-small",
      "kind: PersistentVolumeClaim, name: data",
      "1Mi",
      "error getting handle for DataSource Type PersistentVolumeClaim by Name data: error, new PVC request must be greater than or equal in size to the specified PVC data source, requested 1048576 but source is 1073741824",
    ],
    [
      "no-snapshot",
      "kind: VolumeSnapshot, name: none, apiGroup: snapshot.storage.k8s.io",
      "1Gi",
      'error getting handle for DataSource Type VolumeSnapshot by Name none: error getting snapshot none from api server: volumesnapshots.snapshot.storage.k8s.io "none" not found',
    ],
    [
      "smaller-than-snapshot",
      "kind: VolumeSnapshot, name: snap, apiGroup: snapshot.storage.k8s.io",
      "1Mi",
      "error getting handle for DataSource Type VolumeSnapshot by Name snap: requested volume size 1048576 is less than the size 1073741824 for the source snapshot snap",
    ],
  ];
  test.each(unfilled)("a claim that cannot be filled: %s", (name, source, size, why) => {
    lab.apply(claim(name, `${sc}, dataSource: {${source}}`, size));
    lab.pass(3);
    expect(lab.events("PersistentVolumeClaim", name)).toContain(
      `Warning ProvisioningFailed failed to provision volume with StorageClass "csi-hostpath-sc": ${why}`,
    );
    lab.sh("cp", `kubectl delete pvc ${name}`);
  });

  const unmade: readonly (readonly [name: string, of: string, more: string, event: string])[] = [
    [
      "classless",
      "data",
      ", volumeSnapshotClassName: none",
      'Warning GetSnapshotClassFailed Failed to get snapshot class with error failed to retrieve snapshot class none from the informer: "volumesnapshotclass.snapshot.storage.k8s.io \\"none\\" not found"',
    ],
  ];
  test.each(unmade)("a snapshot that cannot be taken: %s", (name, of, more, event) => {
    lab.apply(snapshot(name, of, more));
    lab.pass(3);
    expect(lab.events("VolumeSnapshot", name)).toEqual([event]);
    lab.sh("cp", `kubectl delete vs ${name}`);
  });

  test("a claim grows: first the volume, then the file system while the pod runs", () => {
    grow("data", "2Gi");
    lab.pass(2);
    expect(claimNamed("data").status).toMatchObject({
      capacity: { storage: "1Gi" },
      allocatedResources: { storage: "2Gi" },
      allocatedResourceStatuses: { storage: "NodeResizePending" },
      conditions: [
        {
          type: "FileSystemResizePending",
          status: "True",
          message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
        },
      ],
    });
    expect(volumeOf("data").spec.capacity).toEqual({ storage: "2Gi" });
    lab.pass(90);
    expect(claimNamed("data").status).toMatchObject({ capacity: { storage: "2Gi" } });
    expect(claimNamed("data").status?.conditions).toBeUndefined();
    const { name } = volumeOf("data").metadata;
    expect(lab.events("PersistentVolumeClaim", "data").slice(-4)).toEqual([
      "Normal ExternalExpanding waiting for an external controller to expand this PVC",
      `Normal Resizing External resizer is resizing volume ${name}`,
      "Normal FileSystemResizeRequired Require file system resize of volume on node",
      `Normal FileSystemResizeSuccessful MountVolume.NodeExpandVolume succeeded for volume "${name}" ${home}`,
    ]);
  });

  test("it does not shrink", () =>
    expect(grow("data", "1Gi")).toBe(
      'The PersistentVolumeClaim "data" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than status.capacity\n',
    ));

  test("more than the driver gives: it says so and the claim stays as it is", () => {
    grow("cloned", "2Ti");
    lab.pass(3);
    const { name } = volumeOf("cloned").metadata;
    expect(lab.events("PersistentVolumeClaim", "cloned")).toContain(
      `Warning VolumeResizeFailed resize volume "${name}" by resizer "hostpath.csi.k8s.io" failed: rpc error: code = OutOfRange desc = Requested capacity 2199023255552 exceeds maximum allowed 1099511627776`,
    );
    expect(claimNamed("cloned").status?.conditions?.map(({ type }) => type)).toEqual(["Resizing"]);
  });

  test("a node without the driver: attaching fails, and the pod waits", () => {
    const handle = "elsewhere";
    lab.apply(`apiVersion: v1
kind: PersistentVolume
metadata: {name: static}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], csi: {driver: hostpath.csi.k8s.io, volumeHandle: ${handle}}}
${claim("static", 'storageClassName: "", volumeName: static')}${pod("far", ofClaim("static"), "true", `nodeName: ${other}`)}`);
    lab.pass(140);
    expect(lab.events("Pod", "far")).toEqual([
      `Warning FailedAttachVolume AttachVolume.Attach failed for volume "static" : CSINode ${other} does not contain driver hostpath.csi.k8s.io`,
      "Warning FailedMount Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data], failed to process volumes=[]: context deadline exceeded",
    ]);
  });

  test("a volume for one node at a time is not attached to a second one", () => {
    lab.apply(pod("near", ofClaim("static"), "true", `nodeName: ${home}`));
    lab.pass(10);
    expect(lab.events("Pod", "near")).toEqual([
      'Warning FailedAttachVolume Multi-Attach error for volume "static" Volume is already used by pod(s) far',
    ]);
    lab.sh("cp", "kubectl delete pod far near --force 2>/dev/null");
    lab.pass(5);
    expect(attachments().filter(({ spec }) => spec.source.persistentVolumeName === "static")).toEqual([]);
  });

  test("a generic ephemeral volume: a claim that lives as long as its pod", () => {
    const template = `ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {accessModes: [ReadWriteOnce], ${sc}, resources: {requests: {storage: 1Gi}}}}}`;
    lab.apply(pod("scratch", template, "echo x > /data/x", `nodeName: ${home}`));
    lab.pass(20);
    const made = claimNamed("scratch-data");
    expect(made.metadata).toMatchObject({
      labels: { a: "b" },
      ownerReferences: [{ kind: "Pod", name: "scratch", controller: true, blockOwnerDeletion: true }],
    });
    expect(row("pod scratch").slice(1, 3)).toEqual(["1/1", "Running"]);
    lab.sh("cp", "kubectl delete pod scratch --now");
    lab.pass(20);
    expect(lab.api.get("persistentvolumeclaims", "default", "scratch-data")).toBeUndefined();
  });

  test("a claim of another's that has the name of a pod's own: the pod is not scheduled", () => {
    lab.apply(claim("wrong-data", sc));
    const template = `ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], ${sc}, resources: {requests: {storage: 1Gi}}}}}`;
    lab.apply(pod("wrong", template, "true"));
    lab.pass(10);
    const why = "PVC default/wrong-data was not created for pod default/wrong (pod is not owner)";
    const events = lab.events("Pod", "wrong");
    expect(events).toContain(`Warning FailedBinding ephemeral volume data: ${why}`);
    expect(events.some((text) => text.startsWith(`Warning FailedScheduling 0/3 nodes are available: ${why}. `))).toBe(
      true,
    );
    expect(row("pod wrong").slice(1, 3)).toEqual(["0/1", "Pending"]);
    lab.sh("cp", "kubectl delete pod wrong --now; kubectl delete pvc wrong-data");
    lab.pass(10);
  });

  test("when the driver's pod is away, nothing new is mounted; what is mounted stays", () => {
    lab.sh("cp", "kubectl -n kube-system scale sts csi-hostpathplugin --replicas=0");
    lab.pass(40);
    expect(lab.api.get<CSINode>("csinodes.storage.k8s.io", undefined, home)?.spec.drivers ?? []).toEqual([]);
    expect(lab.sh("cp", "kubectl exec writer -- cat /data/file")).toBe("one\ntwo\n");
    lab.apply(pod("second", ofClaim("data"), "true", `nodeName: ${home}`) + claim("later", sc));
    lab.pass(10);
    const { name } = volumeOf("data").metadata;
    expect(lab.events("Pod", "second")).toContain(
      `Warning FailedMount MountVolume.MountDevice failed for volume "${name}" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name hostpath.csi.k8s.io not found in the list of registered CSI drivers`,
    );
    expect(claimNamed("later").status?.phase).toBe("Pending");
    // The volumes' folders are on this node: the driver must not come up on the other one.
    lab.sh("cp", `kubectl cordon ${other}; kubectl -n kube-system scale sts csi-hostpathplugin --replicas=1`);
    lab.pass(150);
    expect(row("pod second").slice(1, 3)).toEqual(["1/1", "Running"]);
    expect(claimNamed("later").status?.phase).toBe("Bound");
  });

  test("what is deleted is detached, deleted by the driver and gone", () => {
    const handle = (volumeOf("data").spec.csi as { volumeHandle: string }).volumeHandle;
    lab.sh("cp", "kubectl delete pod writer second --now; kubectl delete pvc data; kubectl delete vs snap");
    lab.pass(40);
    expect(lab.sh("cp", `kubectl get vs,vsc`)).toBe("No resources found\n");
    expect(lab.sh(home, `ls /var/lib/csi-hostpath-data`)).not.toContain(handle);
    expect(lab.sh(home, `ls /var/lib/csi-hostpath-data`)).not.toContain(".snap");
  });
});
