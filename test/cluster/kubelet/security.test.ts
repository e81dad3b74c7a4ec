import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

// From: kubernetes.io "Configure a Security Context for a Pod or Container"; capability sets as containerd 2 grants them;
// pkg/kubelet/kuberuntime/security_context.go, pkg/volume/volume_linux.go, 1.35.

type Lab = ReturnType<typeof makeLab>;

function running(context: string, podContext = "", more = "", pod = ""): Lab {
  const lab = makeLab();
  const of = podContext === "" ? pod : `  securityContext: ${podContext}\n${pod}`;
  lab.apply(busybox("p", "sleep 1000", { pod: of, container: `    securityContext: ${context}\n${more}` }));
  lab.wait("p", "1/1 Running", 20);
  return lab;
}

const sh = (lab: Lab, line: string) => {
  const { stdout, stderr } = lab.exec("p", ["sh", "-c", line]);
  return stdout + stderr;
};

const capabilities = [
  { context: "{}", effective: "00000000a80425fb" },
  { context: "{ capabilities: { add: [NET_ADMIN, SYS_TIME] } }", effective: "00000000aa0435fb" },
  { context: "{ capabilities: { drop: [ALL] } }", effective: "0000000000000000" },
  { context: "{ capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }", effective: "0000000000000400" },
  { context: "{ capabilities: { drop: [CHOWN] } }", effective: "00000000a80425fa" },
  { context: "{ privileged: true }", effective: "000001ffffffffff" },
  { context: "{ runAsUser: 1000 }", effective: "0000000000000000" },
];

test.each(capabilities)("capabilities of $context: $effective", ({ context, effective }) => {
  const lab = running(context);
  expect(sh(lab, "grep CapEff /proc/1/status")).toBe(`CapEff:\t${effective}\n`);
});

test("without CHOWN nobody gives files away, not even root", () => {
  const lab = running("{ capabilities: { drop: [CHOWN] } }");
  expect(sh(lab, "touch /tmp/a; chown nobody /tmp/a")).toContain("Operation not permitted");
  const usual = running("{}");
  expect(sh(usual, "touch /tmp/a && chown nobody /tmp/a && stat -c %U /tmp/a")).toBe("nobody\n");
});

test("without any capability root keeps to the modes of files", () => {
  const lab = running("{ capabilities: { drop: [ALL] } }");
  expect(sh(lab, "echo x > /tmp/a; chmod 0 /tmp/a; cat /tmp/a")).toContain("Permission denied");
});

test("a read-only root: volumes and devices can still be written to", () => {
  const pod = "  volumes: [{ name: v, emptyDir: {} }]";
  const lab = running("{ readOnlyRootFilesystem: true }", "", "    volumeMounts: [{ name: v, mountPath: /data }]", pod);
  expect(sh(lab, "touch /x")).toContain("Read-only file system");
  expect(sh(lab, "echo 1 > /tmp/x")).toContain("Read-only file system");
  expect(sh(lab, "mkdir /srv")).toContain("Read-only file system");
  expect(sh(lab, "echo ok > /data/x && cat /data/x; echo gone > /dev/null")).toBe("ok\n");
});

test("nginx needs to write beside its pages", () => {
  const lab = makeLab();
  lab.apply(
    busybox("p", "echo start > /var/run/app.pid && sleep 1000", {
      container: "    securityContext: { readOnlyRootFilesystem: true }",
    }),
  );
  lab.wait("p", "0/1 CrashLoopBackOff", 30);
  expect(lab.logs("p").text()).toContain("/var/run/app.pid: Read-only file system");
});

const identities = [
  {
    pod: "{ runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] }",
    container: "{}",
    id: "uid=1000 gid=3000 groups=2000,3000,4000",
  },
  { pod: "{ runAsUser: 1000 }", container: "{ runAsUser: 2000 }", id: "uid=2000 gid=0(root) groups=0(root)" },
  { pod: "{ fsGroup: 2000 }", container: "{}", id: "uid=0(root) gid=0(root) groups=0(root),2000" },
];

test.each(identities)("$pod, $container: $id", ({ pod, container, id }) => {
  const lab = running(container, pod);
  const words = sh(lab, "id").trim();
  const sorted = (text: string) =>
    text.replace(/groups=(.*)/, (_, list: string) => `groups=${list.split(",").sort().join(",")}`);
  expect(sorted(words)).toBe(sorted(id));
});

test("fsGroup owns volumes: empty ones, and what the kubelet writes", () => {
  const pod = "  volumes: [{ name: v, emptyDir: {} }, { name: s, secret: { secretName: s, defaultMode: 0400 } }]";
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { key: secret }\n");
  const mounts = "    volumeMounts: [{ name: v, mountPath: /v }, { name: s, mountPath: /s }]";
  lab.apply(
    busybox("p", "sleep 1000", {
      pod: `  securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 }\n${pod}`,
      container: mounts,
    }),
  );
  lab.wait("p", "1/1 Running", 20);
  expect(sh(lab, "stat -c '%a %g' /v")).toBe("2777 2000\n");
  expect(sh(lab, "touch /v/x; stat -c '%u %g' /v/x")).toBe("1000 2000\n");
  expect(sh(lab, "stat -L -c '%a %u %g' /s/key")).toBe("440 0 2000\n");
  expect(sh(lab, "cat /s/key")).toBe("secret");
});

test("a secret's mode keeps other users out", () => {
  const lab = makeLab();
  lab.apply("apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { key: secret }\n");
  lab.apply(
    busybox("p", "sleep 1000", {
      pod: "  securityContext: { runAsUser: 1000 }\n  volumes: [{ name: s, secret: { secretName: s, defaultMode: 0400 } }]",
      container: "    volumeMounts: [{ name: s, mountPath: /s }]",
    }),
  );
  lab.wait("p", "1/1 Running", 20);
  expect(sh(lab, "cat /s/key")).toContain("Permission denied");
});

const roots = [
  {
    context: "{ runAsNonRoot: true }",
    says: /^container has runAsNonRoot and image will run as root \(pod: "p_default\([\w-]+\)", container: main\)$/,
  },
  {
    context: "{ runAsNonRoot: true, runAsUser: 0 }",
    says: /^container's runAsUser breaks non-root policy \(pod: "p_default\([\w-]+\)", container: main\)$/,
  },
];

test.each(roots)("$context is refused", ({ context, says }) => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000", { container: `    securityContext: ${context}` }));
  lab.wait("p", "0/1 CreateContainerConfigError", 20);
  expect(lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(says);
});

test.each([
  { context: "{ allowPrivilegeEscalation: false }", line: "NoNewPrivs:\t1\n" },
  { context: "{}", line: "NoNewPrivs:\t0\n" },
])("$context: $line", ({ context, line }) => {
  expect(sh(running(context), "grep NoNewPrivs /proc/self/status")).toBe(line);
});
