import { expect, test } from "vitest";
import { type Lab, makeLab } from "./setup.ts";

const token = `apiVersion: v1
kind: Secret
metadata: { name: bootstrap-token-07401b, namespace: kube-system }
type: bootstrap.kubernetes.io/token
stringData:
  token-id: 07401b
  token-secret: f395accd246ae52d
  usage-bootstrap-authentication: "true"
  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
`;

const config = (secret: string, server: string) => `apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: { server: 'https://${server}:6443', certificate-authority: /etc/kubernetes/pki/ca.crt }
users:
- name: u
  user: { token: 07401b.${secret} }
contexts:
- name: x
  context: { cluster: c, user: u }
current-context: x
`;

const away = "systemctl stop kubelet; rm -rf /etc/kubernetes/kubelet.conf /var/lib/kubelet/pki";

/** Gives the worker a bootstrap token and nothing else. */
function forget(lab: Lab, secret = "f395accd246ae52d"): void {
  const address = lab.sh("cp", "hostname -i").stdout.trim().split(" ")[0] ?? "";
  lab.sh("w1", away);
  lab.sh("w1", `echo "${config(secret, address)}" > /etc/kubernetes/bootstrap-kubelet.conf; systemctl start kubelet`);
}

const journal = (lab: Lab) => lab.sh("w1", "journalctl -u kubelet --no-pager").stdout;
const requests = (lab: Lab) => lab.sh("cp", "kubectl get csr --no-headers").stdout;

test("kubelet.conf leads to the newest certificate", () => {
  const lab = makeLab();
  const pem = "/var/lib/kubelet/pki/kubelet-client-current.pem";
  expect(lab.sh("w1", `readlink ${pem}`).stdout).toMatch(/\/kubelet-client-\d{4}(-\d\d){5}\.pem\n$/);
  expect(lab.sh("w1", `openssl x509 -noout -subject -ext extendedKeyUsage -in ${pem}`).stdout).toBe(
    "subject=O = system:nodes, CN = system:node:w1\nX509v3 Extended Key Usage: \n    TLS Web Client Authentication\n",
  );
  for (const host of ["cp", "w1"])
    expect(lab.sh(host, "grep -c kubelet-client-current.pem /etc/kubernetes/kubelet.conf").stdout).toBe("2\n");
  expect(lab.sh("cp", "kubectl --kubeconfig /etc/kubernetes/kubelet.conf auth whoami").stdout).toContain(
    "system:node:cp",
  );
});

test("a node joins with a bootstrap token", () => {
  const lab = makeLab();
  lab.apply(token);
  lab.sh("cp", "kubectl delete node w1");
  forget(lab);
  lab.world.advance(30);
  expect(requests(lab)).toMatch(
    /^csr-\w{5} .* kubernetes.io\/kube-apiserver-client-kubelet +system:bootstrap:07401b +<none> +Approved,Issued\n$/,
  );
  expect(lab.sh("cp", "kubectl get node w1 --no-headers").stdout).toContain(" Ready ");
  expect(lab.sh("w1", "cat /etc/kubernetes/kubelet.conf").stdout).toContain("name: default-auth\n");
  expect(journal(lab)).toContain('"Client rotation is on, will bootstrap in background"');
  lab.sh("w1", "systemctl restart kubelet");
  lab.world.advance(5);
  expect(requests(lab).split("\n").length).toBe(2);
});

test("a token that nobody knows, then the right one", () => {
  const lab = makeLab();
  forget(lab);
  lab.world.advance(10);
  expect(journal(lab)).toContain('err="cannot create certificate signing request: Unauthorized"');
  lab.apply(token);
  lab.world.advance(60);
  expect(requests(lab)).toContain("Approved,Issued");
  expect(lab.sh("w1", "ls /var/lib/kubelet/pki").stdout).toContain("kubelet-client-current.pem\n");
});

test("nobody approves: it waits; refused, it asks again", () => {
  const lab = makeLab();
  lab.apply(token);
  lab.sh("cp", "kubectl delete clusterrolebinding kubeadm:node-autoapprove-bootstrap");
  forget(lab);
  lab.world.advance(30);
  const [name = ""] = requests(lab).split(" ");
  expect(requests(lab)).toContain("Pending");
  lab.sh("cp", `kubectl certificate deny ${name}`);
  lab.world.advance(10);
  expect(journal(lab)).toContain(
    `certificate request was not signed: certificate signing request ${name} is denied, reason: KubectlDeny`,
  );
  expect(requests(lab).match(/Pending/g)).toHaveLength(1);
  lab.sh("cp", "kubectl certificate approve $(kubectl get csr | awk '/Pending/{print $1}')");
  lab.world.advance(5);
  expect(lab.sh("w1", "ls /var/lib/kubelet/pki").stdout).toContain("kubelet-client-current.pem\n");
});

test("a certificate that is gone, and nothing to ask for another with", () => {
  const lab = makeLab();
  lab.sh("w1", "rm /var/lib/kubelet/pki/kubelet-client-current.pem; systemctl restart kubelet");
  lab.world.advance(2);
  expect(journal(lab)).toContain(
    "unable to read existing bootstrap client config from /etc/kubernetes/kubelet.conf: invalid configuration:",
  );
  expect(journal(lab)).toContain(
    'err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"',
  );
});
