import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import { storedGzip } from "../../../src/cluster/kubelet/runtime/stored-gzip.ts";
import { busybox, makeLab } from "./setup.ts";

const CONTAINER = "/var/log/pods/default_p_*/main";

test("a container's log lies on its node as containerd writes it, and a link leads there", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "echo one; echo two >&2; printf half; sleep 20; echo ' whole'; sleep 1000"));
  lab.wait("p", "1/1 Running", 20);
  const line = (time: string) => new RegExp(time);
  const text = () => lab.sh("w1", `cat ${CONTAINER}/0.log`).stdout;
  expect(text()).toMatch(line(String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z stdout F one\n\S+Z stderr F two\n$`));
  const id = lab.pod("p").status?.containerStatuses?.[0]?.containerID?.replace("containerd://", "");
  expect(lab.sh("w1", `readlink /var/log/containers/p_default_main-${id}.log`).stdout).toBe(
    `/var/log/pods/default_p_${lab.pod("p").metadata.uid}/main/0.log\n`,
  );
  lab.world.advance(25);
  expect(text()).toMatch(/stdout F half whole\n$/);
  expect(lab.sh("w1", `stat -c '%a %U' ${CONTAINER}/0.log`).stdout).toBe("640 root\n");
});

test("tail -f goes on; a container that ends leaves its log, a pod that is gone does not", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo $i; sleep 1; done; exit 1"));
  lab.wait("p", "1/1 Running", 20);
  const seen = lab.sh("w1", `timeout 10 tail -n 1 -f ${CONTAINER}/0.log | wc -l`).stdout;
  expect(Number(seen)).toBeGreaterThan(8);
  lab.until("a restart", () => (lab.pod("p").status?.containerStatuses?.[0]?.restartCount ?? 0) > 0, 60);
  expect(lab.sh("w1", `ls ${CONTAINER}`).stdout).toBe("0.log\n1.log\n");
  expect(lab.sh("w1", `tail -n 1 ${CONTAINER}/0.log`).stdout).toMatch(/ stdout F 30\n$/);
  lab.delete("p", 0);
  lab.world.advance(40);
  expect(lab.sh("w1", "ls /var/log/pods /var/log/containers").stdout).not.toContain("_p_");
});

test("static pods, whose logs are all that is left when the API server is away", () => {
  const lab = makeLab();
  lab.sh(
    "cp",
    "sed -i 's/--etcd-servers=.*/--etcd-servers=https:\\/\\/127.0.0.1:1/' /etc/kubernetes/manifests/kube-apiserver.yaml",
  );
  lab.world.advance(60);
  const logs = "/var/log/pods/kube-system_kube-apiserver-cp_*/kube-apiserver/*.log";
  expect(lab.sh("cp", `cat ${logs}`).stdout).toContain("127.0.0.1:1");
});

const chatty =
  'i=0; while true; do i=$((i+1)); echo "line $i, which is long enough to fill a log with"; sleep 0.1; done';

test.each([false, true])(
  "rotation: old files are compressed, and only as many are kept as the node allows (looked at: %s)",
  (looked) => {
    const lab = makeLab();
    lab.sh(
      "w1",
      "printf 'containerLogMaxSize: 5Ki\\ncontainerLogMaxFiles: 3\\n' >> /var/lib/kubelet/config.yaml; systemctl restart kubelet",
    );
    lab.apply(busybox("p", chatty));
    lab.wait("p", "1/1 Running", 20);
    if (looked) lab.sh("w1", `ls ${CONTAINER}`);
    lab.world.advance(60);
    const names = lab.sh("w1", `ls ${CONTAINER}`).stdout.trim().split("\n");
    expect(names).toEqual([
      "0.log",
      expect.stringMatching(/^0\.log\.\d{8}-\d{6}\.gz$/),
      expect.stringMatching(/^0\.log\.\d{8}-\d{6}$/),
    ]);
    const last = lab.sh("w1", `tail -n 1 ${CONTAINER}/${names[2]}`).stdout;
    const first = lab.sh("w1", `head -n 1 ${CONTAINER}/0.log`).stdout;
    const number = (text: string) => Number(/line (\d+)/.exec(text)?.[1]);
    expect(number(first)).toBe(number(last) + 1);
  },
);

test("a kubelet that may keep one file only does not start", () => {
  const lab = makeLab();
  lab.sh("w1", "printf 'containerLogMaxFiles: 1\\n' >> /var/lib/kubelet/config.yaml; systemctl restart kubelet");
  lab.world.advance(2);
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager").stdout).toContain(
    'err="failed to run Kubelet: failed to create kubelet: failed to initialize container log manager: invalid MaxFiles 1, must be > 1"',
  );
});

test.each(["", "a", "zwölf\n".repeat(30_000)])("a gzip file that others can read", (text) => {
  expect(gunzipSync(bytesOf(storedGzip(text))).toString()).toBe(text);
});
