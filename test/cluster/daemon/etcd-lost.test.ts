import { expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import { type Lab, makeLab } from "../kubelet/setup.ts";
import { ask, lastLog } from "./ask.ts";

const manifests = "/etc/kubernetes/manifests";
const refused = `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"`;
const restarts = (lab: Lab, name: string) =>
  [...(lab.host("cp").parts.get(RUNTIME_PART) as Runtime).containers.values()].flat().findLast((c) => c.name === name)
    ?.plan.attempt;
const api = (lab: Lab, path: string) => ask(lab, "cp", 6443, path);

test("etcd's manifest moved away: the API server answers and cannot read, fails its liveness probe, and is restarted", () => {
  const lab = makeLab();
  expect(api(lab, "/livez")).toBe("200 ok");
  expect(api(lab, "/readyz?verbose")).toMatch(
    /^200 \[\+\]ping ok\n[\s\S]*\[\+\]etcd-readiness ok\n[\s\S]*readyz check passed\n$/,
  );
  lab.sh("cp", `mv ${manifests}/etcd.yaml /root/`);
  lab.until("etcd is gone", () => !/^200/.test(api(lab, "/livez")), 60);
  const since = lab.now();
  expect(lab.sh("cp", "kubectl get pods").stderr).toBe(`Error from server: ${refused}\n`);
  expect(lab.sh("cp", "kubectl create ns x").stderr).toBe(`Error from server: ${refused}\n`);
  expect(lab.sh("cp", "kubectl version").stdout).toContain("Server Version: v1.35");
  expect(api(lab, "/livez")).toMatch(
    /^500 \[\+\]ping ok\n\[\+\]log ok\n\[-\]etcd failed: reason withheld\n[\s\S]*livez check failed\n$/,
  );
  expect(api(lab, "/readyz")).toContain("[-]etcd-readiness failed: reason withheld");
  const admin = { clientCertificate: lab.world.pki.certificate("super-admin") };
  expect(api(lab, "/livez/etcd")).toContain('403 {"kind":"Status"');
  expect(ask(lab, "cp", 6443, "/livez/etcd", admin)).toBe(
    "500 internal server error: error getting data from etcd: context deadline exceeded\n",
  );
  expect(api(lab, "/livez?exclude=etcd")).toBe("200 ok");
  lab.until("the API server is killed", () => lab.world.door() === undefined, 120);
  expect(lab.now() - since).toBeGreaterThan(65);
  expect(lab.now() - since).toBeLessThan(100);
  lab.world.advance(25);
  expect(lastLog(lab, "cp", "kube-apiserver")).toMatch(
    /addrConn\.createTransport failed to connect to \{Addr: "127\.0\.0\.1:2379".*desc = "transport: Error while dialing: dial tcp 127\.0\.0\.1:2379: connect: connection refused"\n[\s\S]*F\d{4} .*\] Error creating leases: error creating storage factory: context deadline exceeded\n$/,
  );
  lab.sh("cp", `mv /root/etcd.yaml ${manifests}/`);
  lab.until("it is up", () => lab.world.door() !== undefined, 400);
  expect(lab.sh("cp", "kubectl get ns default").status).toBe(0);
});

test("etcd away for a short while: the API server goes on without a restart, and so does everything that watches", () => {
  const lab = makeLab();
  const before = restarts(lab, "kube-apiserver");
  lab.sh("cp", `mv ${manifests}/etcd.yaml /root/`);
  lab.until("etcd is gone", () => !/^200/.test(api(lab, "/livez")), 60);
  lab.world.advance(5);
  lab.sh("cp", `mv /root/etcd.yaml ${manifests}/`);
  lab.until("etcd is back", () => /^200/.test(api(lab, "/livez")), 60);
  expect(restarts(lab, "kube-apiserver")).toBe(before);
  lab.sh("cp", "kubectl create deployment web --image=nginx --replicas=2");
  lab.until("its pods run", () => /2\/2/.test(lab.sh("cp", "kubectl get deploy web").stdout), 90);
});

const faults = [
  {
    why: "a wrong port",
    sed: "s,etcd-servers=.*,etcd-servers=https://127.0.0.1:2399,",
    log: 'Err: connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2399: connect: connection refused"',
  },
  {
    why: "another authority",
    sed: "s,etcd-cafile=.*,etcd-cafile=/etc/kubernetes/pki/ca.crt,",
    log: 'desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"',
  },
  {
    why: "a certificate of the wrong authority",
    sed: "s,apiserver-etcd-client,apiserver-kubelet-client,",
    log: 'desc = "error reading server preface: remote error: tls: unknown certificate authority"',
    etcd: '"msg":"rejected connection on client endpoint"',
  },
  {
    why: "no certificate",
    sed: "/etcd-certfile/d;/etcd-keyfile/d",
    log: 'desc = "error reading server preface: remote error: tls: certificate required"',
    etcd: "tls: client didn't provide a certificate",
  },
  {
    why: "plain HTTP",
    sed: "s,etcd-servers=https,etcd-servers=http,",
    log: 'desc = "error reading server preface: http2: frame too large"',
  },
  {
    why: "a key of another certificate",
    sed: "s,apiserver-etcd-client.key,apiserver.key,",
    log: "Error creating leases: error creating storage factory: tls: private key does not match public key",
  },
];

test.each(faults)("the API server shows etcd $why", ({ sed, log, etcd }) => {
  const lab = makeLab();
  lab.sh("cp", `cp ${manifests}/kube-apiserver.yaml /root/; sed -i '${sed}' ${manifests}/kube-apiserver.yaml`);
  lab.until("it is down", () => lab.world.door() === undefined, 40);
  lab.world.advance(60);
  expect(lab.world.door()).toBeUndefined();
  expect(lastLog(lab, "cp", "kube-apiserver")).toContain(log);
  if (etcd) expect(lastLog(lab, "cp", "etcd")).toContain(etcd);
  lab.sh("cp", `cp /root/kube-apiserver.yaml ${manifests}/`);
  lab.until("it is up", () => lab.world.door() !== undefined, 120);
});

const broken = [
  { sed: "s/--data-dir/--datadir/", log: '"error":"flag provided but not defined: -datadir"' },
  {
    sed: "s,server.crt,nope.crt,",
    log: '"msg":"discovery failed","error":"open /etc/kubernetes/pki/etcd/nope.crt: no such file or directory"',
  },
  {
    sed: "s,listen-client-urls=.*,listen-client-urls=https://10.1.1.1:2379,",
    log: '"error":"listen tcp 10.1.1.1:2379: bind: cannot assign requested address"',
  },
  {
    sed: "s,/var/lib/etcd,/var/lib/etcd-new,;s,--name=cp,--name=other,",
    log: `couldn't find local name \\"other\\" in the initial cluster configuration`,
  },
];

test.each(broken)("an etcd that does not come up: $sed", ({ sed, log }) => {
  const lab = makeLab();
  lab.sh("cp", `cp ${manifests}/etcd.yaml /root/; sed -i '${sed}' ${manifests}/etcd.yaml`);
  lab.until("the API server cannot read", () => !/^200/.test(api(lab, "/livez")), 60);
  lab.world.advance(10);
  const said = lastLog(lab, "cp", "etcd");
  expect(said).toContain(log);
  for (const line of said.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ ts: expect.any(String) });
  lab.sh("cp", `cp /root/etcd.yaml ${manifests}/`);
  lab.until("all is well", () => /^200/.test(api(lab, "/livez")), 400);
});

test("a kubelet and a scheduler whose server is away say so", () => {
  const lab = makeLab();
  lab.sh("cp", `mv ${manifests}/kube-apiserver.yaml /root/`);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.world.advance(12);
  const dial = "dial tcp 192.168.56.10:6443: connect: connection refused";
  const lease = "https://192.168.56.10:6443/apis/coordination.k8s.io/v1/namespaces";
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager").stdout).toContain(
    `controller.go:201] "Failed to ensure lease exists, will retry" err="Get \\"${lease}/kube-node-lease/leases/w1?timeout=10s\\": ${dial}" interval="7s"\n`,
  );
  const said = lastLog(lab, "cp", "kube-scheduler");
  const lock = 'lock="kube-system/kube-scheduler"';
  const err = `err="Get \\"${lease}/kube-system/leases/kube-scheduler?timeout=5s\\": ${dial}"`;
  expect(said).toContain(`leaderelection.go:452] "Error retrieving lease lock" ${err} ${lock}\n`);
  lab.sh("w1", "systemctl restart kubelet");
  lab.world.advance(10);
  expect(lab.sh("w1", "journalctl -u kubelet --no-pager").stdout).toContain(
    `kubelet_node_status.go:106] "Unable to register node with API server" err="Post \\"https://192.168.56.10:6443/api/v1/nodes\\": ${dial}" node="w1"\n`,
  );
});

test("without anonymous requests the API server's own probes are refused", () => {
  const lab = makeLab();
  lab.sh(
    "cp",
    `sed -i 's,- --allow-privileged=true,&\\n    - --anonymous-auth=false,' ${manifests}/kube-apiserver.yaml`,
  );
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 60);
  expect(api(lab, "/livez")).toMatch(/^401 /);
  lab.world.advance(20);
  expect(lab.events("kube-apiserver-cp").join("\n")).toContain("probe failed: HTTP probe failed with statuscode: 401");
});
