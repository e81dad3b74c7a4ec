import { describe, expect, test } from "vitest";
import { claim, ofClaim, pod, storageLab } from "./setup.ts";

// What the kubelet says of volumes that it cannot mount: pkg/volume/{local,nfs,hostpath}, pkg/kubelet/volumemanager,
// operation_generator.go, 1.35; the words of mount.nfs as users report them.

const lab = storageLab("nfs-server");
const server = lab.world.machines.get("cp")?.net.addresses[0] ?? "";

const volume = (name: string, source: string, more = "") => `---
apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteMany, ReadWriteOnce], ${source}${more}}
`;
const bound = (name: string) => claim(name, `storageClassName: "", volumeName: ${name}`);
const only = (node: string) =>
  `, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [${node}]}]}]}}`;
const nfs = (name: string, error: string, at = server, path = "/srv/nfs", flags = "") => {
  const uid = lab.api.get("pods", "default", name)?.metadata.uid;
  const target = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/${name}`;
  return `MountVolume.SetUp failed for volume "${name}" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs${flags} ${at}:${path} ${target}\nOutput: mount.nfs: ${error}\n`;
};

describe("mounts that fail", () => {
  const cases: readonly (readonly [name: string, manifests: string, node: string, message: () => string])[] = [
    [
      "disk",
      volume("disk", "local: {path: /mnt/disk}", only("w1")) + bound("disk"),
      "w1",
      () => 'MountVolume.NewMounter initialization failed for volume "disk" : path "/mnt/disk" does not exist',
    ],
    [
      "elsewhere",
      volume("elsewhere", "local: {path: /mnt}", only("w1")) + bound("elsewhere"),
      "w2",
      () => 'MountVolume.NodeAffinity check failed for volume "elsewhere" : no matching NodeSelectorTerms',
    ],
    [
      "folder",
      volume("folder", "hostPath: {path: /etc/hosts, type: Directory}") + bound("folder"),
      "w1",
      () => 'MountVolume.SetUp failed for volume "folder" : hostPath type check failed: /etc/hosts is not a directory',
    ],
    [
      "unbound",
      claim("unbound", 'storageClassName: ""', "1Pi"),
      "w1",
      () =>
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/unbound: PVC is not bound",
    ],
    [
      "missing",
      "",
      "w1",
      () =>
        'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[data]: error processing PVC default/missing: failed to fetch PVC from API server: persistentvolumeclaims "missing" not found',
    ],
    [
      "nopath",
      volume("nopath", `nfs: {server: ${server}, path: /none}`) + bound("nopath"),
      "w1",
      () =>
        nfs(
          "nopath",
          `mounting ${server}:/none failed, reason given by server: No such file or directory`,
          server,
          "/none",
        ),
    ],
    [
      "noserver",
      volume("noserver", "nfs: {server: w2, path: /x}", ", mountOptions: [nfsvers=4.1, hard]") + bound("noserver"),
      "w1",
      () => nfs("noserver", "Connection refused", "w2", "/x", " -o hard,nfsvers=4.1"),
    ],
    [
      "noname",
      volume("noname", "nfs: {server: nas.example.com, path: /x}") + bound("noname"),
      "w1",
      () =>
        nfs("noname", "Failed to resolve server nas.example.com: Name or service not known", "nas.example.com", "/x"),
    ],
    [
      "noroute",
      volume("noroute", "nfs: {server: 10.9.9.9, path: /x}") + bound("noroute"),
      "w1",
      () => nfs("noroute", "Connection timed out", "10.9.9.9", "/x"),
    ],
    [
      "block",
      volume("block", "iscsi: {targetPortal: 10.0.0.1, iqn: iqn.2001-04.com.example:x, lun: 0}") + bound("block"),
      "w1",
      () => 'MountVolume.SetUp failed for volume "block" : volumes of this type are not simulated',
    ],
  ];
  for (const [name, manifests, node] of cases)
    lab.apply(manifests + pod(name, ofClaim(name), "true", `nodeName: ${node}`));
  lab.pass(20);
  test.each(cases)("%s", (name, _manifests, _node, message) => {
    expect(lab.events("Pod", name)).toEqual([`Warning FailedMount ${message()}`]);
    expect(lab.sh("cp", `kubectl get pod ${name} --no-headers`)).toContain("ContainerCreating");
  });

  test("the pod starts once what is missing is there", () => {
    lab.sh("w1", "mkdir /mnt/disk");
    lab.pass(60);
    expect(lab.sh("cp", "kubectl get pod disk --no-headers")).toContain("Running");
    lab.sh("cp", "kubectl exec disk -- sh -c 'echo kept > /data/x'; kubectl delete pod disk --now");
    expect(lab.sh("cp", "ssh w1 cat /mnt/disk/x")).toBe("kept\n");
  });
});

const inline: readonly (readonly [name: string, source: string, why: string])[] = [
  [
    "csi",
    "csi: {driver: d.example.com}",
    "kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name d.example.com not found in the list of registered CSI drivers",
  ],
];
test.each(inline)("a volume in the pod itself that is not there: %s", (name, source, why) => {
  lab.apply(pod(`inline-${name}`, source, "true", "nodeName: w1"));
  lab.pass(3);
  expect(lab.events("Pod", `inline-${name}`)).toEqual([
    `Warning FailedMount MountVolume.SetUp failed for volume "data" : ${why}`,
  ]);
});

describe("an NFS server of the lab", () => {
  test("shares its files between nodes", () => {
    lab.apply(volume("share", `nfs: {server: ${server}, path: /srv/nfs}`) + bound("share"));
    lab.apply(pod("one", ofClaim("share"), "echo one > /data/f", "nodeName: w1"));
    lab.pass(15);
    lab.apply(pod("two", `nfs: {server: ${server}, path: /srv/nfs}`, "cat /data/f", "nodeName: w2"));
    lab.pass(15);
    expect(lab.sh("cp", "kubectl logs two; cat /srv/nfs/f")).toBe("one\none\n");
    const df = lab.sh("cp", "kubectl exec two -- df -T /data | tail -1");
    expect(df.split(/\s+/).slice(0, 2)).toEqual([`${server}:/srv/nfs`, "nfs4"]);
  });

  test("takes on what /etc/exports says when exportfs reads it", () => {
    lab.sh("cp", "mkdir -p /srv/private; echo '/srv/private 10.1.0.0/16(rw)' >> /etc/exports; exportfs -ra");
    expect(lab.sh("cp", "exportfs")).toBe("/srv/nfs        <world>\n/srv/private    10.1.0.0/16\n");
    lab.apply(volume("private", `nfs: {server: ${server}, path: /srv/private}`) + bound("private"));
    lab.apply(pod("private", ofClaim("private"), "true", "nodeName: w1"));
    lab.pass(10);
    expect(lab.events("Pod", "private")).toEqual([
      `Warning FailedMount ${nfs("private", `access denied by server while mounting ${server}:/srv/private`, server, "/srv/private")}`,
    ]);
    lab.sh("cp", "sed -i s,10.1.0.0/16,192.168.56.0/24, /etc/exports; exportfs -ra");
    lab.pass(60);
    expect(lab.sh("cp", "kubectl get pod private --no-headers")).toContain("Running");
  });

  test("stops with its unit", () => {
    lab.sh("cp", "systemctl stop nfs-server");
    lab.apply(pod("three", `nfs: {server: ${server}, path: /srv/nfs}`, "true", "nodeName: w2"));
    lab.pass(10);
    expect(lab.events("Pod", "three").join()).toContain("Output: mount.nfs: Connection refused");
  });
});

test("Recycle: a pod wipes the volume, and it is free again", () => {
  lab.sh("w1", "mkdir -p /mnt/old; echo x > /mnt/old/x");
  lab.sh("w2", "mkdir -p /mnt/old; echo x > /mnt/old/x");
  lab.apply(volume("old", "hostPath: {path: /mnt/old}", ", persistentVolumeReclaimPolicy: Recycle") + bound("old"));
  lab.pass(5);
  lab.sh("cp", "kubectl delete pvc old");
  lab.pass(1);
  expect(lab.sh("cp", "kubectl get pv old --no-headers")).toContain("Released");
  expect(
    lab.sh(
      "cp",
      "kubectl get pod recycler-for-old -o jsonpath='{.spec.activeDeadlineSeconds} {.spec.containers[0].name}'",
    ),
  ).toBe("60 pv-recycler");
  lab.pass(30);
  expect(lab.sh("cp", "kubectl get pv old --no-headers")).toContain("Available");
  const said = lab.events("PersistentVolume", "old");
  expect(said[0]).toMatch(
    /^Normal RecyclerPod Recycler pod: Successfully assigned default\/recycler-for-old to w[12]$/,
  );
  expect(said).toContain("Normal RecyclerPod Recycler pod: Container started");
  expect(said.at(-1)).toBe("Normal VolumeRecycled Volume recycled");
  expect([lab.sh("w1", "ls /mnt/old"), lab.sh("w2", "ls /mnt/old")].sort()).toEqual(["", "x\n"]);
});
