import { describe, expect, test } from "vitest";
import { RUNTIME_PART, type Runtime } from "../../../src/cluster/kubelet/runtime/runtime.ts";
import { makeLab } from "./setup.ts";

type Lab = ReturnType<typeof makeLab>;
const manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
const answers = (lab: Lab) => lab.world.door() !== undefined;

/** What the API server's newest container has logged. */
function lastLog(lab: Lab): string {
  const all = [...(lab.host("cp").parts.get(RUNTIME_PART) as Runtime).containers.values()].flat();
  const own = all.filter(({ name }) => name === "kube-apiserver").at(-1);
  return own?.log.entries.map((entry) => entry.text).join("") ?? "";
}

/** Adds flags to the API server's command, and waits until it is up again, or for what it says. */
function restartWith(lab: Lab, flags: readonly string[], says?: string): void {
  const lines = flags.map((flag) => `    - ${flag}\\n`).join("");
  lab.sh("cp", `sed -i 's,^    - kube-apiserver$,&\\n${lines.slice(0, -2)},' ${manifest}`);
  lab.until("it is down", () => !answers(lab), 60);
  if (says === undefined) lab.until("it is up", () => answers(lab), 90);
  else lab.until(says, () => lastLog(lab).includes(says), 60);
}

const policy = `mkdir -p /etc/kubernetes/audit /var/log/kubernetes && cat > /etc/kubernetes/audit/policy.yaml <<'END'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  resources: [{group: "", resources: [secrets]}]
- level: None
END
sed -i 's|^    volumeMounts:|&\\n    - {mountPath: /etc/kubernetes/audit, name: audit, readOnly: true}\\n    - {mountPath: /var/log/kubernetes, name: audit-log}|' ${manifest}
sed -i 's|^  volumes:|&\\n  - {name: audit, hostPath: {path: /etc/kubernetes/audit, type: DirectoryOrCreate}}\\n  - {name: audit-log, hostPath: {path: /var/log/kubernetes, type: DirectoryOrCreate}}|' ${manifest}`;

test("an audit log as the documentation sets it up: on the host, through the pod's mounts", () => {
  const lab = makeLab();
  lab.sh("cp", policy);
  const log = "/var/log/kubernetes/audit.log";
  restartWith(lab, ["--audit-policy-file=/etc/kubernetes/audit/policy.yaml", `--audit-log-path=${log}`]);
  lab.sh("cp", "kubectl create secret generic db --from-literal=a=b; kubectl get secrets; kubectl get pods");
  const lines = lab.sh("cp", `cat ${log}`).stdout.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line)).filter(({ user }) => user.username === "kubernetes-admin");
  expect(events.map(({ verb, objectRef, responseStatus }) => [verb, objectRef.resource, responseStatus.code])).toEqual([
    ["create", "secrets", 201],
    ["list", "secrets", 200],
  ]);
  expect(events[0].user.extra["authentication.kubernetes.io/credential-id"][0]).toMatch(/^X509SHA256=[0-9a-f]{64}$/);
  expect(events[0].annotations["authorization.k8s.io/reason"]).toBe(
    'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"',
  );
  expect(events.every(({ requestObject }) => requestObject === undefined)).toBe(true);
});

describe("what ends the API server", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      "a policy that is not there",
      ["--audit-policy-file=/etc/kubernetes/pki/no.yaml", "--audit-log-path=-"],
      'err="loading audit policy file: failed to read file path \\"/etc/kubernetes/pki/no.yaml\\": open /etc/kubernetes/pki/no.yaml: no such file or directory"',
    ],
    [
      "tokens that are not there",
      ["--token-auth-file=/etc/kubernetes/pki/no.csv"],
      'err="open /etc/kubernetes/pki/no.csv: no such file or directory"',
    ],
    [
      "a mode that there is not",
      ["--authorization-mode=Rbac"],
      'err="authorization-mode \\"Rbac\\" is not a valid mode"',
    ],
  ];
  const lab = makeLab();
  test.each(cases)("%s", (_, flags, says) => {
    lab.sh("cp", `cp ${manifest} /root/good.yaml`);
    restartWith(lab, flags, says);
    lab.sh("cp", `cp /root/good.yaml ${manifest}`);
    lab.until("it is up", () => answers(lab), 400);
  });
});

test("the kubelet lets in whom the cluster lets in: the API server's own right, a token, nobody", () => {
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: nginx }] }\n");
  lab.wait("web", "1/1 Running");
  const node = lab.pod("web").spec.nodeName ?? "";
  const ask = (more: string) =>
    lab.sh("cp", `curl -sk ${more} https://$(getent hosts ${node} | cut -d' ' -f1):10250/pods`).stdout.slice(0, 120);
  expect(ask("")).toBe("Unauthorized");
  const token = lab.sh("cp", "kubectl create token default").stdout.trim();
  expect(ask(`-H 'Authorization: Bearer ${token}'`)).toBe(
    "Forbidden (user=system:serviceaccount:default:default, verb=get, resource=nodes, subresource(s)=[pods proxy])\n",
  );
  const pki = "/etc/kubernetes/pki";
  const own = `--cert ${pki}/apiserver-kubelet-client.crt --key ${pki}/apiserver-kubelet-client.key`;
  expect(ask(own)).toMatch(/^\{"kind":"PodList"/);
  lab.sh(
    "cp",
    "kubectl --kubeconfig /etc/kubernetes/super-admin.conf delete clusterrolebinding kubeadm:cluster-admins",
  );
  const logs = lab.sh("cp", "kubectl --kubeconfig /etc/kubernetes/super-admin.conf logs web");
  expect(logs.stderr).toMatch(
    /^Error from server \(Forbidden\): Forbidden \(user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource\(s\)=\[proxy\]\)/,
  );
});
