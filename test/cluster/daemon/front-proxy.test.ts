import { expect, test } from "vitest";
import { makeLab } from "../kubelet/setup.ts";
import { lastLog } from "./ask.ts";

const pki = "/etc/kubernetes/pki";
const proxy = `--cert ${pki}/front-proxy-client.crt --key ${pki}/front-proxy-client.key`;
const own = `--cert ${pki}/apiserver-kubelet-client.crt --key ${pki}/apiserver-kubelet-client.key`;
const review = `-H 'Content-Type: application/json' -d '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}' https://192.168.56.10:6443/apis/authentication.k8s.io/v1/selfsubjectreviews`;

// apiserver pkg/authentication/request/headerrequest and request/x509, 1.35.
test("a front proxy says for whom it asks", () => {
  const lab = makeLab();
  const ask = (more: string) => JSON.parse(lab.sh("cp", `curl -s --cacert ${pki}/ca.crt ${more} ${review}`).stdout);
  const jane = "-H 'X-Remote-User: jane' -H 'X-Remote-Group: devs' -H 'X-Remote-Extra-Acme.com%2Fteam: a'";
  expect(ask(`${proxy} ${jane}`).status.userInfo).toEqual({
    username: "jane",
    groups: ["devs", "system:authenticated"],
    extra: { "acme.com/team": ["a"] },
  });
  expect(ask(proxy)).toMatchObject({ code: 401 });
  // Others are whom their certificate names, whatever their headers say.
  expect(ask(`${own} ${jane}`).status.userInfo.username).toBe("kube-apiserver-kubelet-client");
  expect(ask(jane)).toMatchObject({ code: 403 });
});

test("--requestheader-allowed-names keeps out other certificates of the same authority", () => {
  const lab = makeLab();
  const file = "/etc/kubernetes/manifests/kube-apiserver.yaml";
  lab.sh("cp", `sed -i s,allowed-names=front-proxy-client,allowed-names=other, ${file}`);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 90);
  const asked = lab.sh("cp", `curl -s --cacert ${pki}/ca.crt ${proxy} -H 'X-Remote-User: jane' ${review}`).stdout;
  expect(JSON.parse(asked)).toMatchObject({ code: 401 });
  expect(lastLog(lab, "cp", "kube-apiserver")).toContain(
    'err="[x509: subject with cn=front-proxy-client is not in the allowed list, verifying certificate SN=',
  );
});

// pkg/controlplane/controller/clusterauthenticationtrust, 1.35, as kubeadm's flags make it.
test("kube-system's extension-apiserver-authentication tells other API servers whom to believe", () => {
  const lab = makeLab();
  const { data } = JSON.parse(
    lab.sh("cp", "kubectl -n kube-system get cm extension-apiserver-authentication -o json").stdout,
  );
  const at = (name: string) => lab.sh("cp", `cat ${pki}/${name}.crt`).stdout;
  expect(data).toEqual({
    "client-ca-file": at("ca"),
    "requestheader-allowed-names": '["front-proxy-client"]',
    "requestheader-client-ca-file": at("front-proxy-ca"),
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-uid-headers": "[]",
    "requestheader-username-headers": '["X-Remote-User"]',
  });
  const may = "kubectl auth can-i get cm/extension-apiserver-authentication -n kube-system --as system:kube-scheduler";
  expect(lab.sh("cp", may).stdout).toBe("yes\n");
});
