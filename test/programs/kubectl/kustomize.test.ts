import { expect, test } from "vitest";
import { recorded } from "../../base/recorded.ts";
import { difference, type OfflineCase } from "./offline.ts";
import { HOME, kubectlHost } from "./setup.ts";

/** What real kubectl 1.33.1 with kustomize 5.6.0 printed (scripts/record-kustomize.ts). */
const cases = recorded<OfflineCase>("kustomize");

test.each(cases.map((one) => [one.id, one] as const))("%s", (_id, one) => {
  expect(difference(one)).toBeUndefined();
});

const refused = {
  "https://github.com/x/y?ref=v1": "fetching a remote kustomization is not simulated: https://github.com/x/y?ref=v1",
  "github.com/x/y/base": "fetching a remote kustomization is not simulated: github.com/x/y/base",
  "git@github.com:x/y.git": "fetching a remote kustomization is not simulated: git@github.com:x/y.git",
};

test.each(Object.entries(refused))("%s is refused in one sentence, wherever it is named", (path, told) => {
  const host = kubectlHost();
  host.write("k/kustomization.yaml", `resources:\n- ${path}\n`);
  host.write("over/kustomization.yaml", "resources:\n- ../k\n");
  for (const named of [path, "k", "over"])
    expect(host.kubectl(["kustomize", named])).toMatchObject({ status: 1, stdout: "", stderr: `error: ${told}\n` });
});

test("a chart that may be inflated is refused, and so is a schema of one's own", () => {
  const host = kubectlHost();
  host.write("helm/kustomization.yaml", "helmCharts:\n- name: nginx\n");
  host.write("schema/kustomization.yaml", "openapi:\n  path: s.json\nnamePrefix: a-\n");
  host.write("schema/s.json", "{}");
  expect(host.kubectl("kustomize helm --enable-helm").stderr).toBe(
    "error: inflating helm charts in a kustomization is not simulated\n",
  );
  expect(host.kubectl("kustomize schema").stderr).toBe(
    "error: a schema of one's own in a kustomization (openapi.path) is not simulated: s.json\n",
  );
});

test("variables that stand nowhere are told with the time", () => {
  const host = kubectlHost();
  host.write("k/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n");
  host.write(
    "k/kustomization.yaml",
    "resources:\n- pod.yaml\nvars:\n- name: X\n  objref:\n    apiVersion: v1\n    kind: Pod\n    name: p\n",
  );
  expect(host.kubectl("kustomize k").stderr).toMatch(
    /^# Warning: 'vars' .*\n\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d well-defined vars that were never replaced: X\n$/,
  );
});

test("a link that leads out of the folder is not followed", () => {
  const host = kubectlHost();
  host.write("secret.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\n");
  host.write("k/kustomization.yaml", "resources:\n- link.yaml\n");
  host.files.symlink("../secret.yaml", `${HOME}/task/k/link.yaml`, { uid: 0, gid: 0, groups: [] });
  expect(host.kubectl("kustomize k").stderr).toContain(
    `security; file '${HOME}/task/k/link.yaml' is not in or below '${HOME}/task/k'`,
  );
});
