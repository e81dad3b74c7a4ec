import { describe, expect, test } from "vitest";
import { makeLab } from "./setup.ts";

// kubernetes.io/docs/tasks/configure-pod-container/image-volumes (on by default in 1.35); kuberuntime_manager.go
// getImageVolumes and toKubeContainerImageVolumes, images/image_manager.go.

const pod = (name: string, image: string, mount = "") => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: w1
  volumes: [{ name: page, image: ${image} }]
  containers: [{ name: c, image: "busybox:1.36", command: [sleep, "3600"], volumeMounts: [{ name: page, mountPath: /page${mount} }] }]
`;

const lab = makeLab();
const sh = (line: string) => lab.sh("cp", line);

test("an image's files are mounted read-only, whole or in part", () => {
  lab.apply(pod("whole", '{ reference: "nginx:1.27" }'));
  lab.apply(pod("part", '{ reference: "nginx:1.27" }', ", subPath: usr/share/nginx/html"));
  lab.wait("whole", "1/1 Running");
  lab.wait("part", "1/1 Running");
  expect(sh("kubectl exec whole -- ls /page/usr/share/nginx/html").stdout).toBe("50x.html\nindex.html\n");
  expect(sh("kubectl exec part -- ls /page").stdout).toBe("50x.html\nindex.html\n");
  expect(sh("kubectl exec part -- sh -c 'echo x > /page/new'").stderr).toContain("Read-only file system");
  expect(sh("kubectl get pod whole -o jsonpath='{.spec.volumes[0].image}'").stdout).toBe(
    '{"pullPolicy":"IfNotPresent","reference":"nginx:1.27"}',
  );
  const pulled = lab.events("whole").filter((event) => event.includes("nginx"));
  expect(pulled.map((event) => event.replace(/ in .*/, ""))).toEqual([
    'Normal Pulling Pulling image "nginx:1.27"',
    'Normal Pulled Successfully pulled image "nginx:1.27"',
  ]);
});

describe("an image that cannot be had", () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      "missing",
      '{ reference: "docker.io/nobody/nothing:1" }',
      "0/1 ImagePullBackOff",
      [
        'Normal Pulling Pulling image "docker.io/nobody/nothing:1"',
        'Warning Failed Failed to pull image "docker.io/nobody/nothing:1": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/nobody/nothing:1": failed to resolve reference "docker.io/nobody/nothing:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
        "Warning Failed Error: ErrImagePull",
        'Normal BackOff Back-off pulling image "docker.io/nobody/nothing:1"',
        "Warning Failed Error: ImagePullBackOff",
      ],
    ],
    [
      "never",
      '{ reference: "httpd:2.4", pullPolicy: Never }',
      "0/1 ErrImageNeverPull",
      [
        'Warning ErrImageNeverPull Container image "httpd:2.4" is not present with pull policy of Never',
        "Warning Failed Error: ErrImageNeverPull",
      ],
    ],
  ];
  test.each(cases)("%s", (name, image, shown, events) => {
    lab.apply(pod(name, image));
    lab.wait(name, shown, 60);
    expect(lab.events(name)).toEqual(events);
  });

  test("a part that the image does not have", () => {
    lab.apply(pod("partless", '{ reference: "nginx:1.27" }', ", subPath: no/such"));
    lab.wait("partless", "0/1 RunContainerError", 60);
  });
});
