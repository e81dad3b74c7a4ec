import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { base64Of } from "../../../src/base/base64.ts";
import { Random } from "../../../src/base/random.ts";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import { issueCertificate } from "../../../src/base/x509/certificate.ts";
import { keyToPem, newKey } from "../../../src/base/x509/key.ts";
import { root } from "../../../src/machine/define-files.ts";
import { busybox, type Lab, makeLab } from "../kubelet/setup.ts";
import { ask, lastLog } from "./ask.ts";

const manifests = "/etc/kubernetes/manifests";
const loggedIn = "error: You must be logged in to the server (Unauthorized)\n";
const DAY = 86_400_000_000;

/** Writes a kubeconfig of a user whose certificate the cluster's authority signed for these days from now on. */
function writeConfig(lab: Lab, path: string, from: number, to: number, signer = "ca"): void {
  const { pki, clock } = lab.world;
  const key = newKey(new Random("jane"));
  const plan = {
    subject: { commonName: "jane", organizations: ["kubeadm:cluster-admins"] },
    publicKey: key.publicKey,
    issuer: { subject: { commonName: signer === "ca" ? "kubernetes" : "other" }, key: pki.key(signer) },
    notBefore: clock.now + from * DAY,
    notAfter: clock.now + to * DAY,
    usages: ["client"] as const,
  };
  const certificate = issueCertificate(plan, new Random("jane"));
  const { files } = lab.host("cp");
  const admin = files.read("/etc/kubernetes/admin.conf", root);
  const text = admin
    .replace(/client-certificate-data: .*/, `client-certificate-data: ${base64Of(bytesOf(certificate))}`)
    .replace(/client-key-data: .*/, `client-key-data: ${base64Of(bytesOf(keyToPem(key)))}`);
  files.write(path, text, root);
}

test("a client certificate that has run out, or that nobody here signed", () => {
  const lab = makeLab();
  writeConfig(lab, "/root/good.conf", -1, 1);
  expect(lab.sh("cp", "kubectl --kubeconfig /root/good.conf get ns default -o name").stdout).toBe(
    "namespace/default\n",
  );
  writeConfig(lab, "/root/old.conf", -2, -1);
  expect(lab.sh("cp", "kubectl --kubeconfig /root/old.conf get ns").stderr).toContain(loggedIn);
  expect(lastLog(lab, "cp", "kube-apiserver")).toMatch(
    /E\d{4} .* authentication\.go:75\] "Unable to authenticate the request" err="\[x509: certificate has expired or is not yet valid: current time \S+ is after \S+, verifying certificate SN=\d+, SKID=, AKID=[0-9A-F:]+ failed: x509: certificate has expired or is not yet valid: current time \S+ is after \S+\]"\n/,
  );
  writeConfig(lab, "/root/other.conf", -1, 1, "nobody");
  expect(lab.sh("cp", "kubectl --kubeconfig /root/other.conf get ns").stderr).toContain(loggedIn);
  expect(lastLog(lab, "cp", "kube-apiserver")).toContain("failed: x509: certificate signed by unknown authority");
});

test("--client-ca-file is another authority: nobody is let in, until it is mended", () => {
  const lab = makeLab();
  const file = `${manifests}/kube-apiserver.yaml`;
  lab.sh(
    "cp",
    `sed -i s,client-ca-file=/etc/kubernetes/pki/ca.crt,client-ca-file=/etc/kubernetes/pki/etcd/ca.crt, ${file}`,
  );
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 60);
  for (const as of ["", "KUBECONFIG=/etc/kubernetes/super-admin.conf "])
    expect(lab.sh("cp", `${as}kubectl get nodes`).stderr).toContain(loggedIn);
  // Nobody can say now that a scheduler leads.
  lab.world.advance(20);
  expect(lastLog(lab, "cp", "kube-scheduler")).toMatch(
    /E\d{4} .* leaderelection\.go:452\] "Error retrieving lease lock" err="Unauthorized" lock="kube-system\/kube-scheduler"\n/,
  );
  lab.sh(
    "cp",
    `sed -i s,client-ca-file=/etc/kubernetes/pki/etcd/ca.crt,client-ca-file=/etc/kubernetes/pki/ca.crt, ${file}`,
  );
  lab.until("it lets in", () => lab.sh("cp", "kubectl get nodes").status === 0, 120);
  lab.until("all nodes are ready", () => !/NotReady/.test(lab.sh("cp", "kubectl get nodes").stdout), 120);
});

test("a --client-ca-file that is not there, and none at all", () => {
  const lab = makeLab();
  const file = `${manifests}/kube-apiserver.yaml`;
  lab.sh(
    "cp",
    `cp ${file} /root; sed -i s,client-ca-file=/etc/kubernetes/pki/ca.crt,client-ca-file=/etc/kubernetes/pki/CA.crt, ${file}`,
  );
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.world.advance(20);
  expect(lastLog(lab, "cp", "kube-apiserver")).toMatch(
    /E\d{4} .* run\.go:72\] "command failed" err="open \/etc\/kubernetes\/pki\/CA\.crt: no such file or directory"\n$/,
  );
  lab.sh("cp", `grep -v client-ca-file=/etc/kubernetes/pki/ca.crt /root/kube-apiserver.yaml > ${file}`);
  lab.until("it is up", () => lab.world.door() !== undefined, 120);
  expect(lab.sh("cp", "kubectl get nodes").stderr).toContain('User "system:anonymous" cannot get path "/api"');
});

test("a --kubelet-client-certificate that the kubelet does not know: no logs, no exec", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "echo hello; sleep 1000"));
  lab.wait("p", "1/1 Running");
  expect(lab.sh("cp", "kubectl logs p").stdout).toBe("hello\n");
  const file = `${manifests}/kube-apiserver.yaml`;
  lab.sh("cp", `sed -i s,apiserver-kubelet-client,apiserver-etcd-client, ${file}`);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 60);
  expect(lab.sh("cp", "kubectl logs p").stderr).toBe(
    "error: You must be logged in to the server (the server has asked for the client to provide credentials ( pods/log p))\n",
  );
  expect(lab.sh("cp", "kubectl exec p -- true").stderr).toContain("unable to upgrade connection: Unauthorized");
});

test("the kubelet trusts another authority: it refuses the API server", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "echo hello; sleep 1000"));
  lab.wait("p", "1/1 Running");
  lab.host("w1").files.write("/root/etcd-ca.crt", lab.world.pki.authority("etcd/ca"), root);
  lab.sh(
    "w1",
    "sed -i s,/etc/kubernetes/pki/ca.crt,/root/etcd-ca.crt, /var/lib/kubelet/config.yaml; systemctl restart kubelet",
  );
  lab.world.advance(15);
  expect(lab.sh("cp", "kubectl logs p").stderr).toContain("the server has asked for the client to provide credentials");
  expect(lab.sh("cp", "kubectl get node w1").stdout).toContain(" Ready ");
});

test("components without a certificate have one of their own; a kubelet keeps its in a file", () => {
  const lab = makeLab();
  const shown = (host: string, port: number) => {
    const machine = lab.host(host);
    const own = machine.network.dial(machine, "127.0.0.1", port);
    return "listener" in own ? new X509Certificate(own.listener.tls?.certificate() ?? "") : undefined;
  };
  for (const port of [10257, 10259]) {
    expect(shown("cp", port)?.subject).toMatch(/^CN=localhost@\d+$/);
    expect(shown("cp", port)?.issuer).toMatch(/^CN=localhost-ca@\d+$/);
    expect(shown("cp", port)?.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
  }
  expect(shown("w1", 10250)?.subject).toMatch(/^CN=w1@\d+$/);
  const file = new X509Certificate(lab.host("w1").files.read("/var/lib/kubelet/pki/kubelet.crt", root));
  expect(file.fingerprint256).toBe(shown("w1", 10250)?.fingerprint256);
  expect(shown("cp", 6443)?.subject).toBe("CN=kube-apiserver");
  lab.sh("w1", "systemctl restart kubelet");
  lab.world.advance(5);
  expect(shown("w1", 10250)?.fingerprint256).toBe(file.fingerprint256);
  expect(ask(lab, "w1", 10250, "/healthz")).toBe("401 Unauthorized");
});

test("a scheduler with a certificate and key that do not belong together", () => {
  const lab = makeLab();
  const file = `${manifests}/kube-scheduler.yaml`;
  const pki = "/etc/kubernetes/pki";
  lab.sh(
    "cp",
    `sed -i 's,- --leader-elect=true,&\\n    - --tls-cert-file=${pki}/apiserver.crt\\n    - --tls-private-key-file=${pki}/ca.key,' ${file}`,
  );
  lab.sh(
    "cp",
    `sed -i 's,  - hostPath:,  - hostPath:\\n      path: ${pki}\\n    name: pki\\n&,;s,    volumeMounts:,&\\n    - mountPath: ${pki}\\n      name: pki,' ${file}`,
  );
  lab.until("it cannot start", () => /private key/.test(lastLog(lab, "cp", "kube-scheduler")), 120);
  expect(lastLog(lab, "cp", "kube-scheduler")).toContain(
    '"command failed" err="tls: private key does not match public key"',
  );
});

test("other keys for service accounts: tokens made with the old one are refused", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000"));
  lab.wait("p", "1/1 Running");
  const bearer = () => ({ authorization: `Bearer ${lab.sh("cp", "kubectl create token default").stdout.trim()}` });
  const old = bearer();
  expect(ask(lab, "cp", 6443, "/api", { headers: old })).toMatch(/^200 /);
  const other = keyToPem(newKey(new Random("other")));
  lab.host("cp").files.write("/etc/kubernetes/pki/new.key", other, root);
  const file = `${manifests}/kube-apiserver.yaml`;
  lab.sh("cp", `sed -i 's,pki/sa\\.[a-z]*,pki/new.key,' ${file}`);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 60);
  expect(ask(lab, "cp", 6443, "/api", { headers: old })).toMatch(/^401 /);
  expect(ask(lab, "cp", 6443, "/api", { headers: bearer() })).toMatch(/^200 /);
});

test("--kubelet-certificate-authority does not know a kubelet's own certificate", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "echo hello; sleep 1000"));
  lab.wait("p", "1/1 Running");
  const flag = "--kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt";
  lab.sh("cp", `sed -i 's,- --allow-privileged=true,&\\n    - ${flag},' ${manifests}/kube-apiserver.yaml`);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 60);
  expect(lab.sh("cp", "kubectl logs p").stderr).toMatch(
    /^Error from server: Get "https:\/\/192\.168\.56\.11:10250\/containerLogs\/default\/p\/main": tls: failed to verify certificate: x509: /,
  );
});
