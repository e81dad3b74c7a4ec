import { expect, test } from "vitest";
import type { Event } from "../../../src/kinds/types/core.ts";
import { lastLog } from "../daemon/ask.ts";
import { type Lab, makeLab } from "../kubelet/setup.ts";
import { CONFIG } from "./setup.ts";

const MANIFEST = "/etc/kubernetes/manifests/kube-scheduler.yaml";
const FILE = "/etc/kubernetes/scheduler-config.yaml";
const connection = "clientConnection:\n  kubeconfig: /etc/kubernetes/scheduler.conf\n";

/** Puts a file beside the scheduler's kubeconfig and names it in its manifest, as an administrator does. */
function configure(lab: Lab, text: string): void {
  lab.sh("cp", `cat > ${FILE} <<'END'\n${text}END`);
  const mount = `    - mountPath: ${FILE}\\n      name: config\\n      readOnly: true`;
  const volume = `  - hostPath:\\n      path: ${FILE}\\n      type: File\\n    name: config`;
  lab.sh(
    "cp",
    `sed -i -e 's,    - --leader-elect=true,&\\n    - --config=${FILE},' -e 's,    volumeMounts:,&\\n${mount},' -e 's,  volumes:,&\\n${volume},' ${MANIFEST}`,
  );
}

const pod = (name: string, more = "") =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: c, image: nginx }]${more} }\n`;

test("a configuration by the static pod's --config", () => {
  const lab = makeLab();
  configure(lab, `${CONFIG}${connection}profiles:\n- schedulerName: default-scheduler\n- schedulerName: second\n`);
  lab.until(
    "it is new",
    () => lab.find("kube-scheduler-cp", "kube-system")?.spec.containers[0]?.command?.length === 7,
    120,
  );
  lab.until("it runs", () => lab.shown("kube-scheduler-cp", "kube-system") === "1/1 Running", 120);
  lab.apply(pod("a", ", schedulerName: second"));
  lab.apply(pod("b"));
  lab.wait("a", "1/1 Running", 120);
  lab.wait("b", "1/1 Running", 60);
  const events = lab.api.list<Event>("events", "default").filter(({ reason }) => reason === "Scheduled");
  expect(
    events.map(({ reportingComponent, reportingInstance }) => `${reportingComponent} ${reportingInstance}`).sort(),
  ).toEqual(["default-scheduler default-scheduler-cp", "second second-cp"]);
});

test.each([
  // Recorded: "command failed" after the line about the certificate, and the container ends with 1.
  ["an unknown field", `${CONFIG}${connection}profile: []\n`, `strict decoding error: unknown field \\"profile\\"`],
  [
    "a version of old",
    `apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration\n`,
    `no kind \\"KubeSchedulerConfiguration\\" is registered for version \\"kubescheduler.config.k8s.io/v1beta3\\" in scheme \\"pkg/scheduler/apis/config/scheme/scheme.go:30\\"`,
  ],
  [
    "an unknown plugin",
    `${CONFIG}${connection}profiles:\n- plugins:\n    score:\n      enabled:\n      - name: Foo\n`,
    `initializing profiles: creating profile for scheduler name default-scheduler: ScorePlugin \\"Foo\\" does not exist`,
  ],
])("%s ends the process", (_what, text, words) => {
  const lab = makeLab();
  configure(lab, text);
  const restarts = () =>
    lab.find("kube-scheduler-cp", "kube-system")?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode;
  lab.until("it has failed", () => restarts() === 1, 120);
  const lines = lastLog(lab, "cp", "kube-scheduler").trim().split("\n");
  expect(lines.at(-2)).toMatch(/^I.* serving\.go:386\] Generated self-signed cert in-memory$/);
  expect(lines.at(-1)?.replace(/^E\S+ \S+ +/, "")).toBe(`1 run.go:72] "command failed" err="${words}"`);
});

const second = (roles: boolean) => `apiVersion: v1
kind: ServiceAccount
metadata: { name: my-scheduler, namespace: kube-system }
---
${
  roles
    ? ["system:kube-scheduler", "system:volume-scheduler"]
        .map(
          (role) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: "my-${role.slice(7)}" }
subjects: [{ kind: ServiceAccount, name: my-scheduler, namespace: kube-system }]
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "${role}" }
---
`,
        )
        .join("")
    : ""
}apiVersion: v1
kind: ConfigMap
metadata: { name: my-scheduler-config, namespace: kube-system }
data:
  my-scheduler-config.yaml: |
    apiVersion: kubescheduler.config.k8s.io/v1
    kind: KubeSchedulerConfiguration
    profiles:
    - schedulerName: my-scheduler
    leaderElection:
      leaderElect: false
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: my-scheduler, namespace: kube-system }
spec:
  selector: { matchLabels: { component: scheduler, tier: second } }
  template:
    metadata: { labels: { component: scheduler, tier: second } }
    spec:
      serviceAccountName: my-scheduler
      containers:
      - name: kube-second-scheduler
        image: registry.k8s.io/kube-scheduler:v1.35.0
        command:
        - /usr/local/bin/kube-scheduler
        - --config=/etc/kubernetes/my-scheduler/my-scheduler-config.yaml
        livenessProbe:
          httpGet: { path: /healthz, port: 10259, scheme: HTTPS }
          initialDelaySeconds: 15
        readinessProbe:
          httpGet: { path: /healthz, port: 10259, scheme: HTTPS }
        volumeMounts:
        - { name: config-volume, mountPath: /etc/kubernetes/my-scheduler }
      volumes:
      - name: config-volume
        configMap: { name: my-scheduler-config }
`;

/** kubernetes.io/docs: Configure Multiple Schedulers. */
test("a second scheduler as a Deployment places the pods that name it", () => {
  const lab = makeLab();
  lab.apply(second(true));
  lab.apply(pod("a", ", schedulerName: my-scheduler"));
  lab.apply(pod("lost", ", schedulerName: nobody"));
  lab.wait("a", "1/1 Running", 200);
  expect(lab.events("a")).toContain("Normal Scheduled Successfully assigned default/a to w1");
  expect(lab.shown("lost")).toBe("0/1 Pending");
  expect(lab.events("lost")).toEqual([]);
});

test("without its rights it places nothing, until it gets them", () => {
  const lab = makeLab();
  lab.apply(second(false));
  lab.apply(pod("a", ", schedulerName: my-scheduler"));
  lab.world.advance(120);
  expect(lab.shown("a")).toBe("0/1 Pending");
  expect(lab.events("a")).toEqual([]);
  const bind = "subjects: [{ kind: ServiceAccount, name: my-scheduler, namespace: kube-system }]";
  for (const role of ["system:kube-scheduler", "system:volume-scheduler"])
    lab.apply(
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: "my-${role.slice(7)}" }\n${bind}\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "${role}" }\n`,
    );
  lab.wait("a", "1/1 Running", 120);
});
