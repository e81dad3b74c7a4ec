import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Volumes", "Configure a Pod to Use a ConfigMap", "Expose Pod Information"; pkg/volume (hostpath, configmap,
// secret, projected), pkg/kubelet/kubelet_pods.go, recorded events, 1.35.

type Lab = ReturnType<typeof makeLab>;

const map = (name: string, data: object) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${JSON.stringify(data)}\n`;
const secret = (name: string, data: object) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\nstringData: ${JSON.stringify(data)}\n`;

function pod(volume: string, more = "", line = "sleep 1000"): string {
  return busybox("p", line, {
    pod: `  volumes: [{ name: v, ${volume} }]`,
    container: `    volumeMounts: [{ name: v, mountPath: /v }]\n${more}`,
  });
}

const sh = (lab: Lab, line: string) => {
  const { stdout, stderr } = lab.exec("p", ["sh", "-c", line]);
  return stdout + stderr;
};

const missing = [
  { volume: "configMap: { name: nope }", says: 'configmap "nope" not found' },
  { volume: "secret: { secretName: nope }", says: 'secret "nope" not found' },
  {
    volume: "configMap: { name: there, items: [{ key: nope, path: x }] }",
    says: "references non-existent config key: nope",
  },
  {
    volume: "secret: { secretName: there, items: [{ key: nope, path: x }] }",
    says: "references non-existent secret key: nope",
  },
  { volume: "projected: { sources: [{ configMap: { name: nope } }] }", says: 'configmap "nope" not found' },
  {
    volume: "hostPath: { path: /etc/hosts, type: Directory }",
    says: "hostPath type check failed: /etc/hosts is not a directory",
  },
  {
    volume: "hostPath: { path: /srv/nope, type: Directory }",
    says: "hostPath type check failed: /srv/nope is not a directory",
  },
  { volume: "hostPath: { path: /etc, type: File }", says: "hostPath type check failed: /etc is not a file" },
  { volume: "hostPath: { path: /srv/nope, type: File }", says: "hostPath type check failed: /srv/nope is not a file" },
  {
    volume: "hostPath: { path: /etc/hosts, type: Socket }",
    says: "hostPath type check failed: /etc/hosts is not a socket file",
  },
  {
    volume: "hostPath: { path: /etc/hosts, type: CharDevice }",
    says: "hostPath type check failed: /etc/hosts is not a character device",
  },
  {
    volume: "hostPath: { path: /etc/hosts, type: BlockDevice }",
    says: "hostPath type check failed: /etc/hosts is not a block device",
  },
];

test.each(missing)("FailedMount: $volume", ({ volume, says }) => {
  const lab = makeLab();
  lab.apply(map("there", { a: "1" }));
  lab.apply(secret("there", { a: "1" }));
  lab.apply(pod(volume));
  lab.world.advance(5);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  expect(lab.events("p")).toContain(`Warning FailedMount MountVolume.SetUp failed for volume "v" : ${says}`);
});

const mounted = [
  {
    says: "a missing ConfigMap that is optional",
    volume: "configMap: { name: nope, optional: true }",
    line: "ls /v",
    shown: "",
  },
  {
    says: "a missing Secret that is optional",
    volume: "secret: { secretName: nope, optional: true }",
    line: "ls /v",
    shown: "",
  },
  {
    says: "a missing key that is optional",
    volume: "configMap: { name: m, optional: true, items: [{ key: nope, path: x }, { key: a, path: sub/y }] }",
    line: "cat /v/sub/y",
    shown: "1",
  },
  {
    says: "keys under other names, with modes",
    volume: "configMap: { name: m, items: [{ key: a, path: x/y, mode: 0400 }] }",
    line: "cat /v/x/y; stat -L -c %a /v/x/y",
    shown: "1400\n",
  },
  {
    says: "the defaultMode",
    volume: "secret: { secretName: s, defaultMode: 0440 }",
    line: "stat -L -c %a /v/k",
    shown: "440\n",
  },
  {
    says: "..data",
    volume: "configMap: { name: m }",
    line: "readlink /v/a; readlink /v/..data | cut -c1-4",
    shown: "..data/a\n..20\n",
  },
  {
    says: "that it is read-only by nature",
    volume: "configMap: { name: m }",
    line: "echo x > /v/a; cat /v/a",
    shown: /^1sh: .*\/v\/a: Read-only file system\n$/,
  },
  {
    says: "several sources in one",
    volume:
      "projected: { sources: [{ configMap: { name: m } }, { secret: { name: s, items: [{ key: k, path: deep/k }] } }, { downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] } }] }",
    line: "cat /v/a /v/deep/k /v/labels",
    shown: '1sapp="p"',
  },
  {
    says: "a token for somebody",
    volume:
      "projected: { sources: [{ serviceAccountToken: { path: token, audience: vault, expirationSeconds: 600 } }] }",
    line: "cut -d. -f2 /v/token | wc -c | xargs test 50 -lt && echo long",
    shown: "long\n",
  },
  {
    says: "a folder that is made",
    volume: "hostPath: { path: /srv/made, type: DirectoryOrCreate }",
    line: "touch /v/x && ls /v",
    shown: "x\n",
  },
  {
    says: "a file that is made",
    volume: "hostPath: { path: /srv/file, type: FileOrCreate }",
    line: "echo x > /v && cat /v",
    shown: "x\n",
  },
  {
    says: "a device",
    volume: "hostPath: { path: /dev/null, type: CharDevice }",
    line: "echo x > /v; cat /v",
    shown: "",
  },
  {
    says: "resources",
    volume:
      "downwardAPI: { items: [{ path: cpu, resourceFieldRef: { containerName: main, resource: limits.cpu, divisor: 1m } }, { path: memory, resourceFieldRef: { containerName: main, resource: requests.memory, divisor: 1Mi } }] }",
    line: "cat /v/cpu; echo; cat /v/memory",
    shown: "250\n64",
  },
];

test.each(mounted)("mounted: $says", ({ volume, line, shown }) => {
  const lab = makeLab();
  lab.apply(map("m", { a: "1" }));
  lab.apply(secret("s", { k: "s" }));
  lab.apply(pod(volume, "    resources: { limits: { cpu: 250m, memory: 64Mi } }"));
  lab.wait("p", "1/1 Running", 20);
  if (typeof shown === "string") expect(sh(lab, line)).toBe(shown);
  else expect(sh(lab, line)).toMatch(shown);
});

test("what is missing is mounted as soon as it is there", () => {
  const lab = makeLab();
  lab.apply(pod("configMap: { name: late }"));
  lab.world.advance(20);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  lab.apply(map("late", { a: "1" }));
  lab.wait("p", "1/1 Running", 130);
});

test("a change arrives all at once, but not where subPath mounted it", () => {
  const lab = makeLab();
  lab.apply(map("m", { a: "old", b: "old" }));
  const volume = "  volumes: [{ name: v, configMap: { name: m } }]";
  const mounts = "    volumeMounts: [{ name: v, mountPath: /v }, { name: v, mountPath: /one/a, subPath: a }]";
  lab.apply(busybox("p", "sleep 1000", { pod: volume, container: mounts }));
  lab.wait("p", "1/1 Running", 20);
  const before = sh(lab, "readlink /v/..data");
  const object = lab.api.get("configmaps", "default", "m") as never as { data: object };
  lab.api.update({ ...object, data: { a: "new", c: "new" } } as never);
  lab.world.advance(95);
  expect(sh(lab, "cat /v/a /v/c; ls /v")).toBe("newnewa\nc\n");
  expect(sh(lab, "readlink /v/..data")).not.toBe(before);
  expect(sh(lab, "cat /one/a")).toBe("old");
});

test("subPathExpr takes variables", () => {
  const lab = makeLab();
  const volume = "  volumes: [{ name: v, hostPath: { path: /srv/logs } }]";
  const more =
    "    env: [{ name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]\n    volumeMounts: [{ name: v, mountPath: /logs, subPathExpr: $(POD)/app }]";
  lab.apply(busybox("p", "echo hi > /logs/x; sleep 1000", { pod: volume, container: more }));
  lab.wait("p", "1/1 Running", 20);
  lab.world.advance(1);
  expect(lab.sh("w1", "cat /srv/logs/p/app/x").stdout).toBe("hi\n");
});

const variables = [
  {
    says: "a literal with another variable in it",
    env: "[{ name: A, value: a }, { name: X, value: '$(A)-$(B)-$$(A)' }]",
    shown: "a-$(B)-$(A)",
  },
  {
    says: "a key of a ConfigMap",
    env: "[{ name: X, valueFrom: { configMapKeyRef: { name: m, key: a } } }]",
    shown: "1",
  },
  { says: "a key of a Secret", env: "[{ name: X, valueFrom: { secretKeyRef: { name: s, key: k } } }]", shown: "s" },
  {
    says: "an optional key that is not there",
    env: "[{ name: X, valueFrom: { configMapKeyRef: { name: m, key: nope, optional: true } } }]",
    shown: "",
  },
  { says: "the node", env: "[{ name: X, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]", shown: "w1" },
  {
    says: "a label",
    env: "[{ name: X, valueFrom: { fieldRef: { fieldPath: \"metadata.labels['app']\" } } }]",
    shown: "p",
  },
  {
    says: "the account",
    env: "[{ name: X, valueFrom: { fieldRef: { fieldPath: spec.serviceAccountName } } }]",
    shown: "default",
  },
  {
    says: "a limit in mebibytes",
    env: "[{ name: X, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } }]",
    shown: "64",
  },
  {
    says: "a cpu request, rounded up",
    env: "[{ name: X, valueFrom: { resourceFieldRef: { resource: requests.cpu } } }]",
    shown: "1",
  },
  {
    says: "a limit that is not set: the node's",
    env: "[{ name: X, valueFrom: { resourceFieldRef: { resource: limits.ephemeral-storage, divisor: 1Gi } } }]",
    shown: "35",
  },
];

test.each(variables)("a variable from $says", ({ env, shown }) => {
  const lab = makeLab();
  lab.apply(map("m", { a: "1" }));
  lab.apply(secret("s", { k: "s" }));
  lab.apply(
    busybox("p", "sleep 1000", {
      container: `    env: ${env}\n    resources: { requests: { cpu: 250m }, limits: { memory: 64Mi } }`,
    }),
  );
  lab.wait("p", "1/1 Running", 20);
  expect(sh(lab, 'printf %s "$X"')).toBe(shown);
});

const unusable = [
  {
    more: "    env: [{ name: X, valueFrom: { configMapKeyRef: { name: nope, key: a } } }]",
    says: 'configmap "nope" not found',
  },
  {
    more: "    env: [{ name: X, valueFrom: { secretKeyRef: { name: nope, key: a } } }]",
    says: 'secret "nope" not found',
  },
  {
    more: "    env: [{ name: X, valueFrom: { secretKeyRef: { name: s, key: nope } } }]",
    says: "couldn't find key nope in Secret default/s",
  },
  { more: "    envFrom: [{ configMapRef: { name: nope } }]", says: 'configmap "nope" not found' },
];

test.each(unusable)("CreateContainerConfigError: $more", ({ more, says }) => {
  const lab = makeLab();
  lab.apply(secret("s", { k: "s" }));
  lab.apply(busybox("p", "sleep 1000", { container: more }));
  lab.wait("p", "0/1 CreateContainerConfigError", 20);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(says);
  expect(lab.events("p")).toContain(`Warning Failed Error: ${says}`);
});

const misplaced = [
  { says: "a folder on a file", mount: "{ name: v, mountPath: /etc/passwd }" },
  { says: "a file on a folder", mount: "{ name: v, mountPath: /etc, subPath: a }" },
];

test.each(misplaced)("RunContainerError: $says", ({ mount }) => {
  const lab = makeLab();
  lab.apply(map("m", { a: "1" }));
  lab.apply(
    busybox("p", "sleep 1000", {
      pod: "  volumes: [{ name: v, configMap: { name: m } }]",
      container: `    volumeMounts: [${mount}]`,
    }),
  );
  lab.wait("p", "0/1 RunContainerError", 20);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
    /^failed to create containerd task: .*error mounting "\/var\/lib\/kubelet\/pods\/[\w-]+\/volume.*: not a directory: Are you trying to mount a directory onto a file \(or vice-versa\)\? Check if the specified host path exists and is the expected type$/,
  );
});

test("a port of the node leads to its pod", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: w1, containers: [{ name: c, image: nginx, ports: [{ containerPort: 80, hostPort: 8081 }] }] }\n",
  );
  lab.wait("web", "1/1 Running", 30);
  expect(lab.sh("cp", "curl -s http://192.168.56.11:8081/ | grep -c 'Welcome to nginx'").stdout).toMatch(/^[1-9]/);
  expect(lab.sh("w1", "curl -s -o /dev/null -w '%{http_code}' http://localhost:8081/").stdout).toBe("200");
});

const grpc = [
  {
    says: "a server that speaks it",
    image: "registry.k8s.io/etcd:3.6.6-0",
    command:
      "[etcd, --listen-client-urls=http://0.0.0.0:2379, --advertise-client-urls=http://127.0.0.1:2379, --data-dir=/var/lib/etcd]",
    port: 2379,
    ready: true,
  },
  { says: "a web server", image: "nginx", command: "[nginx, -g, 'daemon off;']", port: 80, ready: false },
  { says: "nobody", image: "nginx", command: "[nginx, -g, 'daemon off;']", port: 81, ready: false },
];

test.each(grpc)("a gRPC probe and $says", ({ image, command, port, ready }) => {
  const lab = makeLab();
  lab.apply(
    `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { nodeName: w1, containers: [{ name: c, image: "${image}", command: ${command}, readinessProbe: { grpc: { port: ${port} }, periodSeconds: 2, timeoutSeconds: 1 } }] }\n`,
  );
  lab.world.advance(30);
  expect(lab.shown("p")).toBe(`${ready ? 1 : 0}/1 Running`);
  const said = new RegExp(
    `^Warning Unhealthy Readiness probe failed: timeout: failed to connect service "10\\.244\\.1\\.\\d+:${port}" within 1s: context deadline exceeded$`,
  );
  expect(lab.events("p").some((event) => said.test(event))).toBe(!ready);
});

test("a log that has grown to its limit is begun anew", () => {
  const lab = makeLab();
  lab.sh("w1", "printf 'containerLogMaxSize: 10Ki\\n' >> /var/lib/kubelet/config.yaml && systemctl restart kubelet");
  lab.world.advance(5);
  lab.apply(busybox("p", "for i in $(seq 1 400); do echo line $i of the log that goes on and on; done; sleep 1000"));
  lab.wait("p", "1/1 Running", 20);
  lab.world.advance(3);
  const lines = lab.logs("p").text().trim().split("\n");
  expect(lines.length).toBeLessThan(270);
  expect(lines.at(-1)).toBe("line 400 of the log that goes on and on");
  expect(lines[0]).not.toBe("line 1 of the log that goes on and on");
});
