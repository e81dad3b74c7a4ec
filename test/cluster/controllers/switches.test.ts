import { beforeAll, describe, expect, test } from "vitest";
import type { KubeObject } from "../../../src/kinds/types/meta.ts";
import { type Lab, makeLab } from "../kubelet/setup.ts";

const MANIFEST = "/etc/kubernetes/manifests/kube-controller-manager.yaml";

describe("the controller manager's flags, in its manifest", () => {
  let lab: Lab;
  const sets = (app: string) =>
    lab.api
      .list<KubeObject>("replicasets.apps", "default")
      .filter(({ metadata }) => metadata.name.startsWith(`${app}-`));
  const put = (flag: string, value: string) => {
    lab.sh("cp", `sed -i '/--${flag}=/d; s/^    - kube-controller-manager$/&\\n    - --${flag}=${value}/' ${MANIFEST}`);
    lab.world.advance(5);
  };
  /** What the newest container of the controller manager has written last. */
  const said = () => {
    lab.world.advance(60);
    return lab.sh("cp", "kubectl -n kube-system logs kube-controller-manager-cp").stdout.trim();
  };
  const works = () =>
    lab.until("it works", () => lab.shown("kube-controller-manager-cp", "kube-system") === "1/1 Running", 400);

  beforeAll(() => {
    lab = makeLab();
  });

  test("one controller that is switched off does nothing, the others go on", () => {
    put("controllers", "*,-deployment,bootstrapsigner,tokencleaner");
    works();
    lab.world.advance(30);
    lab.sh("cp", "kubectl create deployment off --image=nginx");
    lab.sh("cp", "kubectl create job sum --image=busybox -- true");
    lab.world.advance(30);
    expect(sets("off")).toHaveLength(0);
    expect(lab.sh("cp", "kubectl get job sum --no-headers").stdout).toMatch(/^sum +Complete +1\/1/);
  });

  test("a name that nobody knows: it does not start and says why", () => {
    put("controllers", "*,-deploymnt");
    expect(said()).toMatch(
      /run\.go:72\] "command failed" err="\\"deploymnt\\" is not in the list of known controllers"$/,
    );
  });

  test("a value that is no duration", () => {
    put("controllers", "*,bootstrapsigner,tokencleaner");
    put("node-monitor-grace-period", "soon");
    expect(said()).toContain(
      'Error: invalid argument "soon" for "--node-monitor-grace-period" flag: time: invalid duration "soon"',
    );
  });

  test("put right, it takes up what was left", () => {
    put("node-monitor-grace-period", "20s");
    works();
    lab.until("the deployment has its ReplicaSet", () => sets("off").length === 1, 120);
  });

  test("without its process nothing happens; with it again all is caught up", () => {
    lab.sh("cp", `mv ${MANIFEST} /root/manager.yaml`);
    lab.world.advance(60);
    lab.sh("cp", "kubectl create deployment late --image=nginx");
    lab.world.advance(120);
    expect(sets("late")).toHaveLength(0);
    lab.sh("cp", `mv /root/manager.yaml ${MANIFEST}`);
    works();
    lab.until("the deployment has its ReplicaSet", () => sets("late").length === 1, 120);
  });
});
