import { describe, expect, test } from "vitest";
import { makeLab } from "./setup.ts";

// client-go rest.InClusterConfig and clientcmd, 1.35: without a kubeconfig kubectl asks as the pod's service account.
describe("kubectl in a pod", () => {
  const lab = makeLab();
  const sh = (line: string) => lab.sh("cp", line);
  sh(
    "kubectl create sa app; kubectl create role r --verb=get,list --resource=pods; kubectl create rolebinding r --role=r --serviceaccount=default:app",
  );
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: once }
spec:
  serviceAccountName: app
  restartPolicy: Never
  containers: [{ name: c, image: "registry.k8s.io/kubectl:v1.35.0", args: [get, pods, -o, name] }]
---
apiVersion: v1
kind: Pod
metadata: { name: bare }
spec:
  automountServiceAccountToken: false
  containers: [{ name: c, image: bitnami/kubectl, command: [sleep, "3600"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: tools }
spec:
  serviceAccountName: app
  containers: [{ name: c, image: bitnami/kubectl, command: [sleep, "3600"] }]
`);
  lab.wait("once", "0/1 Completed");
  lab.wait("tools", "1/1 Running");
  lab.wait("bare", "1/1 Running");

  test("the image's command", () => {
    expect(sh("kubectl logs once").stdout).toBe("pod/bare\npod/once\npod/tools\n");
  });

  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["who asks", "tools -- kubectl auth whoami", /Username +system:serviceaccount:default:app\n/],
    ["what it may", "tools -- kubectl get pods tools -o name", /^pod\/tools\n$/],
    [
      "what it may not",
      "tools -- kubectl get secrets",
      /^Error from server \(Forbidden\): secrets is forbidden: User "system:serviceaccount:default:app" cannot list resource "secrets" in API group "" in the namespace "default"\n/,
    ],
    ["without a token", "bare -- kubectl get pods", /connection to the server localhost:8080 was refused/],
  ];
  test.each(cases)("%s", (_, line, expected) => {
    const { stdout, stderr } = sh(`kubectl exec ${line}`);
    expect(stdout + stderr).toMatch(expected);
  });

  test("curl with the token's file", () => {
    const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
    const ask = `curl -s --cacert ${folder}/ca.crt -H "Authorization: Bearer $(cat ${folder}/token)" https://kubernetes.default.svc/api/v1/namespaces/default/pods/tools`;
    expect(JSON.parse(sh(`kubectl exec tools -- sh -c '${ask}'`).stdout).metadata.name).toBe("tools");
  });
});
