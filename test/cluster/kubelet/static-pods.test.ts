import { expect, test } from "vitest";
import { makeLab } from "./setup.ts";

const folder = "/etc/kubernetes/manifests";
const web = (more = "") => `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
  - { name: web, image: 'nginx:1.28'${more} }
`;

const put = (lab: ReturnType<typeof makeLab>, name: string, text: string) =>
  lab.sh("w1", `cat > ${folder}/${name} <<'EOF'\n${text}EOF`);

test("a manifest put into the folder runs, and its mirror is in the API", () => {
  const lab = makeLab();
  put(lab, "web.yaml", web());
  lab.wait("web-w1", "1/1 Running", 20);
  const mirror = lab.pod("web-w1");
  const { metadata, spec } = mirror;
  expect(metadata.annotations).toMatchObject({
    "kubernetes.io/config.source": "file",
    "kubernetes.io/config.hash": expect.stringMatching(/^[0-9a-f]{32}$/),
    "kubernetes.io/config.seen": expect.stringMatching(/^2026-11-02T09:00:/),
  });
  expect(metadata.annotations?.["kubernetes.io/config.mirror"]).toBe(
    metadata.annotations?.["kubernetes.io/config.hash"],
  );
  expect(metadata.ownerReferences).toMatchObject([{ kind: "Node", name: "w1", controller: true }]);
  expect(spec).toMatchObject({ nodeName: "w1", restartPolicy: "Always", dnsPolicy: "ClusterFirst" });
  expect(spec.tolerations).toEqual([{ effect: "NoExecute", operator: "Exists" }]);
  expect(mirror.status?.phase).toBe("Running");
});

test("a comment changes nothing; an edit replaces the pod; removal ends it", () => {
  const lab = makeLab();
  put(lab, "web.yaml", web());
  lab.wait("web-w1", "1/1 Running", 20);
  const first = lab.pod("web-w1").metadata.uid;
  put(lab, "web.yaml", `# a comment\n${web()}`);
  lab.world.advance(30);
  expect(lab.pod("web-w1").metadata.uid).toBe(first);
  expect(lab.pod("web-w1").status?.containerStatuses?.[0]?.restartCount).toBe(0);
  lab.sh("w1", `sed -i s/1.28/1.29/ ${folder}/web.yaml`);
  lab.until(
    "the new one runs",
    () => lab.find("web-w1")?.status?.containerStatuses?.[0]?.image?.endsWith(":1.29") === true,
    60,
  );
  expect(lab.pod("web-w1").metadata.uid).not.toBe(first);
  lab.sh("w1", `rm ${folder}/web.yaml`);
  lab.until("it is gone", () => lab.find("web-w1") === undefined, 40);
});

test("a deleted mirror comes back; the pod runs on", () => {
  const lab = makeLab();
  put(lab, "web.yaml", web());
  lab.wait("web-w1", "1/1 Running", 20);
  const { uid } = lab.pod("web-w1").metadata;
  const started = lab.pod("web-w1").status?.containerStatuses?.[0]?.containerID;
  lab.delete("web-w1");
  lab.until("there is a new mirror", () => (lab.find("web-w1")?.metadata.uid ?? uid) !== uid, 40);
  lab.wait("web-w1", "1/1 Running", 20);
  expect(lab.pod("web-w1").status?.containerStatuses?.[0]?.containerID).toBe(started);
});

const broken = [
  {
    says: /couldn't parse as pod\(yaml: line 4: could not find expected ':'\), please check config file/,
    text: "apiVersion: v1\nkind: Pod\nmetadata;\n  annotations:\n    a: b\n",
  },
  {
    says: /couldn't parse as pod\(no kind \\"Pod\\" is registered for version \\"v2\\" in scheme/,
    text: web().replace("v1", "v2"),
  },
  {
    says: /couldn't parse as pod\(no kind \\"Pood\\" is registered for version \\"v1\\" in scheme/,
    text: web().replace("Pod", "Pood"),
  },
  { says: /couldn't parse as pod\(Object 'Kind' is missing in '\{/, text: web().replace("kind: Pod\n", "") },
  {
    says: /couldn't parse as pod\(json: cannot unmarshal string into Go struct field Container\.spec\.containers\.command of type \[\]string\)/,
    text: web(", command: sleep"),
  },
  { says: /invalid pod: \[spec\.containers: Required value\]/, text: web().replace("containers", "containrs") },
  {
    says: /invalid pod: \[spec\.containers\[0\]\.imagePullPolicy: Unsupported value: \\"Sometimes\\": supported values: \\"Always\\", \\"IfNotPresent\\", \\"Never\\"\]/,
    text: web(", imagePullPolicy: Sometimes"),
  },
  {
    says: /static pods may not reference configmaps/,
    text: `${web()}  volumes: [{ name: v, configMap: { name: x } }]\n`,
  },
  { says: /static pods may not reference serviceaccounts/, text: `${web()}  serviceAccountName: x\n` },
];

test.each(broken)("the kubelet's log: $says", ({ says, text }) => {
  const lab = makeLab();
  put(lab, "web.yaml", text);
  lab.world.advance(25);
  const log = lab.sh(
    "w1",
    "journalctl -u kubelet --no-pager | grep -F 'Could not process manifest file' | tail -1",
  ).stdout;
  expect(log).toMatch(
    / w1 kubelet\[\d+\]: E1102 09:00:\d\d\.\d{6} +\d+ file\.go:\d+\] "Could not process manifest file" err="/,
  );
  expect(log).toMatch(says);
  expect(log).toContain(`path="${folder}/web.yaml"`);
  expect(lab.find("web-w1")).toBeUndefined();
});

test("a field that there is not is passed over, as the kubelet does", () => {
  const lab = makeLab();
  put(lab, "web.yaml", web(", imagePulPolicy: Never"));
  lab.wait("web-w1", "1/1 Running", 20);
});

test("a running pod whose manifest becomes unreadable is ended", () => {
  const lab = makeLab();
  put(lab, "web.yaml", web());
  lab.wait("web-w1", "1/1 Running", 20);
  lab.sh("w1", `sed -i s/kind:/kind/ ${folder}/web.yaml`);
  lab.until("it is gone", () => lab.find("web-w1") === undefined, 40);
  lab.sh("w1", `sed -i 's/kind /kind: /' ${folder}/web.yaml`);
  lab.wait("web-w1", "1/1 Running", 40);
});

test("hidden files and folders do not count, any other name does", () => {
  const lab = makeLab();
  lab.sh("w1", `mkdir ${folder}/sub`);
  put(lab, ".web.yaml", web());
  put(lab, "sub/web.yaml", web());
  lab.world.advance(25);
  expect(lab.find("web-w1")).toBeUndefined();
  put(lab, "web.bak", web());
  lab.wait("web-w1", "1/1 Running", 30);
});
