import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Checked } from "../../../../src/cluster/apiserver/admission/pod-security/define.ts";
import {
  detailsOf,
  reasonsOf,
  violationsOf,
} from "../../../../src/cluster/apiserver/admission/pod-security/evaluate.ts";
import { readLevel, readVersion } from "../../../../src/cluster/apiserver/admission/pod-security/policy.ts";
import type { KubeObject } from "../../../../src/kinds/types/meta.ts";
import { podNamed, refusal, world } from "../setup.ts";

interface Recorded {
  readonly level: string;
  readonly pod: Checked;
  readonly detail: string;
  readonly reason: string;
}

/** Recorded with k8s.io/pod-security-admission 0.35. */
const recorded = readFileSync(new URL("../../../corpus/pod-security.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

test.each(recorded.map((one, i) => ({ i, ...one })))("check $i at $level", ({ level, pod, detail, reason }) => {
  const [name = "", version = ""] = level.split(":");
  const found = violationsOf({ level: readLevel(name).level, version: readVersion(version).version }, pod);
  expect(detailsOf(found)).toBe(detail);
  expect(reasonsOf(found)).toBe(reason);
});

const prefix = "pod-security.kubernetes.io/";
const safe = {
  name: "web",
  image: "nginx",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  },
};
const unsafe =
  'allowPrivilegeEscalation != false (container "web" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "web" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "web" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';

function secured(labels: Record<string, string>, parts: Parameters<typeof world>[0] = {}) {
  const made = world(parts);
  const all = Object.fromEntries(Object.entries(labels).map(([key, value]) => [prefix + key, value]));
  made.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x", labels: all } });
  made.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "x" } });
  made.server.warnings = [];
  return made;
}

function inX(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: "x" } };
}

const plain = inX(podNamed("p"));
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "x" },
  spec: {
    selector: { matchLabels: { a: "b" } },
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "web", image: "nginx" }] } },
  },
};

// Texts by k8s.io/pod-security-admission/admission, 0.35.
describe("PodSecurity", () => {
  test.each([
    ["enforce restricted", { enforce: "restricted" }, `violates PodSecurity "restricted:latest": ${unsafe}`],
    [
      "enforce a version",
      { enforce: "restricted", "enforce-version": "v1.30" },
      `violates PodSecurity "restricted:v1.30": ${unsafe}`,
    ],
    ["a plain pod is fine with baseline", { enforce: "baseline" }, undefined],
    ["privileged takes all", { enforce: "privileged" }, undefined],
    ["no labels", {}, undefined],
  ])("pods: %s", (_name, labels, why) => {
    const { api } = secured(labels as Record<string, string>);
    if (why === undefined) expect(() => api.create(plain)).not.toThrow();
    else {
      const refused = refusal(() => api.create(plain));
      expect(refused.message).toBe(`pods "p" is forbidden: ${why}`);
      expect(refused).toMatchObject({ reason: "Forbidden", code: 403, details: { name: "p", kind: "pods" } });
    }
  });

  test.each([
    ["warn", { warn: "restricted" }, [`would violate PodSecurity "restricted:latest": ${unsafe}`]],
    ["audit says nothing", { audit: "restricted" }, []],
    [
      "a strict enforce warns of workloads",
      { enforce: "restricted", "enforce-version": "v1.30" },
      [`would violate PodSecurity "restricted:v1.30": ${unsafe}`],
    ],
    ["a milder warn is taken as it is", { enforce: "restricted", warn: "privileged" }, []],
  ])("workloads: %s", (_name, labels, warnings) => {
    const { api, server } = secured(labels as unknown as Record<string, string>);
    api.create(structuredClone(deployment));
    expect(server.warnings).toEqual(warnings);
    server.warnings = [];
    api.create({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "c", namespace: "x" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "web", image: "nginx" }] } } },
        },
      },
    });
    expect(server.warnings).toEqual(warnings);
  });

  test("a pod that is as it should be; one more image is looked at, a label is not", () => {
    const { api } = secured({ enforce: "restricted" });
    const pod = api.create({ ...plain, spec: { containers: [safe] } });
    expect(() => api.update({ ...pod, metadata: { ...pod.metadata, labels: { a: "b" } } })).not.toThrow();
  });

  test.each([
    [
      "enforce",
      "x",
      'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "x": must be one of privileged, baseline, restricted',
    ],
    [
      "warn-version",
      "1.30",
      'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"',
    ],
  ])("the label %s=%s is refused", (key, value, why) => {
    const { api } = world();
    const metadata = { name: "y", labels: { [prefix + key]: value } };
    const refused = refusal(() => api.create({ apiVersion: "v1", kind: "Namespace", metadata }));
    expect(refused.message).toBe(`Namespace "y" is invalid: ${why}`);
    expect(refused.code).toBe(422);
  });

  test("a new level tells of the pods that are there", () => {
    const { api, server } = secured({});
    for (const name of ["b", "a", "c"]) api.create(inX(podNamed(name)));
    api.create({ ...inX(podNamed("z")), spec: { hostPID: true, containers: [{ name: "web", image: "nginx" }] } });
    const home = api.get("namespaces", undefined, "x")!;
    const labelled = (level: string) => ({
      ...home,
      metadata: { ...home.metadata, resourceVersion: "", labels: { [`${prefix}enforce`]: level } },
    });
    api.update(labelled("restricted"));
    const rest = "allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile";
    expect(server.warnings).toEqual([
      'existing pods in namespace "x" violate the new PodSecurity enforce level "restricted:latest"',
      `a (and 2 other pods): ${rest}`,
      `z: host namespaces, ${rest}`,
    ]);
    server.warnings = [];
    api.update(labelled("baseline"));
    expect(server.warnings).toEqual([]);
  });

  const file = (configuration: string) => `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
${configuration}`;
  const configured = (text: string) => ({
    flags: { "admission-control-config-file": "/etc/admission.yaml" },
    readFile: (path: string) => (path === "/etc/admission.yaml" ? file(text) : undefined),
  });

  test("the cluster's own defaults and exemptions", () => {
    const restricted = "    defaults: {enforce: restricted}\n";
    expect(refusal(() => secured({}, configured(restricted)).api.create(plain)).message).toMatch(
      "violates PodSecurity",
    );
    for (const exempt of ["namespaces: [x]", "usernames: [kubernetes-admin]"]) {
      const { api } = secured({}, configured(`${restricted}    exemptions: {${exempt}}\n`));
      expect(() => api.create(plain)).not.toThrow();
    }
  });

  test("labels of an exempt namespace are told to be ignored", () => {
    const { api, server } = world(configured("    exemptions: {namespaces: [lab]}\n"));
    const metadata = { name: "lab", labels: { [`${prefix}enforce`]: "baseline", [`${prefix}warn`]: "restricted" } };
    api.create({ apiVersion: "v1", kind: "Namespace", metadata });
    expect(server.warnings).toEqual([
      'namespace "lab" is exempt from Pod Security, and the policy (enforce=baseline:latest, warn=restricted:latest) will be ignored',
    ]);
  });

  test("switched off", () => {
    const { api } = secured({ enforce: "restricted" }, { flags: { "disable-admission-plugins": "PodSecurity" } });
    expect(() => api.create(plain)).not.toThrow();
  });
});
