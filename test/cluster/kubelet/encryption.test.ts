import { expect, test } from "vitest";
import { storedText } from "../../../src/cluster/etcd/stored-text.ts";
import type { Store } from "../../../src/cluster/store/define.ts";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { lastLog } from "../daemon/ask.ts";
import { type Lab, makeLab } from "./setup.ts";

const manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";

const setUp = `mkdir -p /etc/kubernetes/enc && cat > /etc/kubernetes/enc/enc.yaml <<END
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources:
      - secrets
    providers:
      - aescbc:
          keys:
            - name: key1
              secret: $(head -c 32 /dev/urandom | base64)
      - identity: {}
END
sed -i 's|^    volumeMounts:|&\\n    - {mountPath: /etc/kubernetes/enc, name: enc, readOnly: true}|' ${manifest}
sed -i 's|^  volumes:|&\\n  - {name: enc, hostPath: {path: /etc/kubernetes/enc, type: DirectoryOrCreate}}|' ${manifest}
sed -i 's|^    - kube-apiserver$|&\\n    - --encryption-provider-config=/etc/kubernetes/enc/enc.yaml|' ${manifest}`;

function restarted(lab: Lab, change: string): void {
  lab.sh("cp", change);
  lab.until("it is down", () => lab.world.door() === undefined, 60);
  lab.until("it is up", () => lab.world.door() !== undefined, 120);
}

function lies(lab: Lab, name: string): string {
  const store = lab.host("cp").parts.get("etcd:/var/lib/etcd") as Store;
  return storedText(store.get("secrets", "default", name) as KubeObject);
}

// kubernetes.io/docs/tasks/administer-cluster/encrypt-data, 1.35.
test("secrets are encrypted as the documentation does it, and cannot be read without", () => {
  const lab = makeLab();
  lab.sh("cp", "kubectl create secret generic old --from-literal=a=b");
  restarted(lab, setUp);
  lab.sh("cp", "kubectl create secret generic new --from-literal=a=b");
  expect(lies(lab, "old")).toMatch(/^\{/);
  expect(lies(lab, "new")).toMatch(/^k8s:enc:aescbc:v1:key1:/);
  const all = lab.sh("cp", "kubectl get secrets -A -o json | kubectl replace -f -");
  expect(all).toMatchObject({ status: 0, stdout: "secret/new replaced\nsecret/old replaced\n" });
  expect(lies(lab, "old")).toMatch(/^k8s:enc:aescbc:v1:key1:/);
  expect(lab.sh("cp", "kubectl get secret old -o jsonpath={.data.a}").stdout).toBe("Yg==");
  restarted(lab, `sed -i /encryption-provider-config/d ${manifest}`);
  expect(lab.sh("cp", "kubectl get secrets").stderr).toBe(
    'Error from server (InternalError): Internal error occurred: unable to transform key "/registry/secrets/default/new": identity transformer tried to read encrypted data\n',
  );
});

test("a configuration that is wrong ends the server", () => {
  const lab = makeLab();
  lab.sh("cp", `${setUp}; sed -i 's/aescbc/aesbcb/' /etc/kubernetes/enc/enc.yaml`);
  const says = 'strict decoding error: unknown field \\"resources[0].providers[0].aesbcb\\""';
  lab.until("it says why", () => (lastLog(lab, "cp", "kube-apiserver") ?? "").includes(says), 90);
  expect(lastLog(lab, "cp", "kube-apiserver")).toContain(
    'err="error while parsing file: error decoding encryption provider configuration file \\"/etc/kubernetes/enc/enc.yaml\\": ',
  );
});
