import { beforeAll, describe, expect, test } from "vitest";
import { type Lab, makeLab } from "../../cluster/kubelet/setup.ts";
import "../../../src/lab/native-primes.ts";

let lab: Lab;

beforeAll(() => {
  lab = makeLab([{ name: "cp", role: "control-plane" }], "openssl sessions");
  lab.world.advance(60);
});

const sh = (line: string) => lab.sh("cp", line);
const K = "cd /root; export KUBECONFIG=/etc/kubernetes/admin.conf;";

function good(line: string): string {
  const { status, stdout, stderr } = sh(`${K} ${line}`);
  expect(`${status} ${stderr}`, line).toBe("0 ");
  return stdout;
}

const csr = `cat <<EOF | kubectl apply -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: jane
spec:
  request: $(cat jane.csr | base64 | tr -d '\\n')
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 86400
  usages: [client auth]
EOF`;

describe("a user of the cluster, as the documentation makes one", () => {
  test("key, request, approval, kubeconfig, role", () => {
    expect(good("openssl genrsa -out jane.key 2048")).toBe("");
    good("openssl req -new -key jane.key -out jane.csr -subj '/CN=jane/O=dev'");
    expect(good(csr)).toBe("certificatesigningrequest.certificates.k8s.io/jane created\n");
    expect(good("kubectl certificate approve jane")).toContain("jane approved");
    lab.world.advance(5);
    good("kubectl get csr jane -o jsonpath='{.status.certificate}' | base64 -d > jane.crt");
    expect(good("openssl x509 -noout -subject -issuer -in jane.crt")).toBe(
      "subject=O = dev, CN = jane\nissuer=CN = kubernetes\n",
    );
    expect(good("openssl verify -CAfile /etc/kubernetes/pki/ca.crt jane.crt")).toBe("jane.crt: OK\n");
    const pair =
      "openssl x509 -noout -modulus -in jane.crt | md5sum; openssl rsa -noout -modulus -in jane.key | md5sum";
    const [ofCertificate, ofKey] = good(pair).split("\n");
    expect(ofKey).toBe(ofCertificate);
    good("kubectl config set-credentials jane --client-key=jane.key --client-certificate=jane.crt --embed-certs=true");
    good("kubectl config set-context jane --cluster=kubernetes --user=jane");
    const refused = sh(`${K} kubectl --context jane get pods`);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toBe(
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"\n',
    );
    good("kubectl create role developer --verb=get,list --resource=pods");
    good("kubectl create rolebinding developer --role=developer --user=jane");
    expect(sh(`${K} kubectl --context jane get pods`)).toMatchObject({
      status: 0,
      stderr: "No resources found in default namespace.\n",
    });
  });

  test("the cluster's authority signs by hand, too", () => {
    good("openssl genrsa -out max.key 2048");
    good("openssl req -new -key max.key -out max.csr -subj '/CN=max'");
    const { status, stderr } = sh(
      `${K} openssl x509 -req -in max.csr -CA /etc/kubernetes/pki/ca.crt -CAkey /etc/kubernetes/pki/ca.key -CAcreateserial -out max.crt -days 45`,
    );
    expect(`${status} ${stderr}`).toBe("0 Certificate request self-signature ok\nsubject=CN = max\n");
    good("kubectl config set-credentials max --client-key=max.key --client-certificate=max.crt");
    good("kubectl config set-context max --cluster=kubernetes --user=max");
    expect(sh(`${K} kubectl --context max get pods`).stderr).toContain('User "max" cannot list resource "pods"');
    expect(good("cat /etc/kubernetes/pki/ca.srl")).toMatch(/^[0-9A-F]{40}\n$/);
    good("openssl x509 -noout -checkend 3801600 -in max.crt");
    expect(sh(`${K} openssl x509 -noout -checkend 3974400 -in max.crt`).status).toBe(1);
  });
});

describe("the cluster's own certificates", () => {
  test("the API server's, as text", () => {
    const text = good("openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -text");
    expect(text).toMatch(
      /Serial Number: \d+ \(0x[0-9a-f]+\)\n {8}Signature Algorithm: ecdsa-with-SHA256\n {8}Issuer: CN = kubernetes\n/,
    );
    expect(text).toContain("        Subject: CN = kube-apiserver\n");
    expect(text).toContain(
      "            X509v3 Key Usage: critical\n                Digital Signature, Key Encipherment\n",
    );
    expect(text).toContain("X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n");
    expect(text).toMatch(/DNS:cp, DNS:kubernetes, DNS:kubernetes\.default, .*IP Address:10\.96\.0\.1, IP Address:/);
    expect(text).toContain("CA:FALSE\n");
  });

  test("what the server shows is what its file holds", () => {
    const file = good("openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -dates -fingerprint -sha256");
    const shown = good(
      "openssl s_client -connect localhost:6443 2>/dev/null </dev/null | openssl x509 -noout -dates -fingerprint -sha256",
    );
    expect(shown).toBe(file);
    expect(file).toMatch(/^notBefore=\w{3} .\d \d\d:\d\d:\d\d \d{4} GMT\nnotAfter=/);
  });

  test("s_client says whom it trusts", () => {
    const known = sh("openssl s_client -connect localhost:6443 -CAfile /etc/kubernetes/pki/ca.crt </dev/null");
    expect(known.stdout).toContain("Verify return code: 0 (ok)\n");
    expect(known.stderr).toBe(
      "depth=1 CN = kubernetes\nverify return:1\ndepth=0 CN = kube-apiserver\nverify return:1\nDONE\n",
    );
    const unknown = sh("openssl s_client -connect localhost:6443 </dev/null");
    expect(unknown.stderr).toContain(
      "depth=0 CN = kube-apiserver\nverify error:num=20:unable to get local issuer certificate\n",
    );
    expect(unknown.stdout).toContain("Verify return code: 21 (unable to verify the first certificate)\n");
    expect(sh("openssl s_client -connect localhost:1 </dev/null")).toMatchObject({ status: 1, stdout: "" });
  });

  test("an ordinary user may not read the keys", () => {
    const { status, stderr } = sh("su candidate -c 'openssl pkey -noout -in /etc/kubernetes/pki/ca.key'");
    expect(status).toBe(1);
    expect(stderr).toContain("Could not open file or uri for loading key from /etc/kubernetes/pki/ca.key\n");
    expect(stderr).toContain("Permission denied");
  });
});

test("an authority of one's own, and a TLS secret", () => {
  good("openssl genrsa -out own.key 2048");
  good("openssl req -x509 -new -key own.key -subj /CN=own -days 365 -out own.crt");
  good("openssl ecparam -genkey -name prime256v1 -noout -out web.key");
  good("openssl req -new -key web.key -subj /CN=web.example -addext subjectAltName=DNS:web.example -out web.csr");
  sh(`${K} openssl x509 -req -in web.csr -CA own.crt -CAkey own.key -copy_extensions copy -out web.crt`);
  expect(good("openssl verify -CAfile own.crt web.crt")).toBe("web.crt: OK\n");
  expect(good("openssl x509 -noout -ext subjectAltName -in web.crt")).toContain("DNS:web.example\n");
  expect(good("kubectl create secret tls web --cert=web.crt --key=web.key")).toBe("secret/web created\n");
  const wrong = sh(`${K} kubectl create secret tls wrong --cert=web.crt --key=own.key`);
  expect(wrong.stderr).toContain("private key does not match public key");
});
