import { expect, test } from "vitest";
import { batch } from "../../../src/lab/batch.ts";
import { makeWorld } from "../../../src/lab/make-world.ts";
import { root } from "../../../src/machine/define-files.ts";

/** What is typed on the control plane of a settled cluster, and what it prints: both streams, then the exit status. */
const steps: readonly (readonly [line: string, printed: string | RegExp])[] = [
  ["kubectl run box --image=busybox -- sleep 1d", "pod/box created\n0"],
  ["kubectl wait --for=condition=Ready pod/box --timeout=60s", "pod/box condition met\n0"],
  ["kubectl exec box -- echo hi", "hi\n0"],
  ["kubectl exec box -- sh -c 'exit 7'", "command terminated with exit code 7\n7"],
  ["echo text | kubectl exec -i box -- cat", "text\n0"],
  ["kubectl cp f.txt box:/tmp/g.txt", "0"],
  ["kubectl exec box -- cat /tmp/g.txt", "hello\n0"],
  ["kubectl cp box:/tmp/g.txt back.txt; cat back.txt", "tar: Removing leading `/' from member names\nhello\n0"],
  ["mkdir -p d/e && cp f.txt d/e/x && kubectl cp d box:/tmp && kubectl exec box -- cat /tmp/d/e/x", "hello\n0"],
  [
    "echo abc | kubectl run t --image=busybox -i --rm --restart=Never -- cat",
    `If you don't see a command prompt, try pressing enter.\nabc\npod "t" deleted\n0`,
  ],
  [
    "kubectl run t --image=busybox -i --rm --restart=Never -q -- sh -c 'exit 4'",
    /pod default\/t terminated \(Error\)\n4$/,
  ],
  ["kubectl get pod t", 'Error from server (NotFound): pods "t" not found\n1'],
  ["kubectl create deployment web --image=nginx --replicas=2", "deployment.apps/web created\n0"],
  ["kubectl wait --for=condition=Available deploy/web --timeout=60s", "deployment.apps/web condition met\n0"],
  [
    "KUBE_EDITOR='sed -i s/replicas:.*/replicas:3/' kubectl edit deploy web",
    /error: deployments.apps "web" is invalid/,
  ],
  ["KUBE_EDITOR='sed -i s/replicas:.2/replicas:\\ 3/' kubectl edit deploy web", "deployment.apps/web edited\n0"],
  ["kubectl wait --for=jsonpath='{.status.readyReplicas}'=3 deploy/web", "deployment.apps/web condition met\n0"],
  ["KUBE_EDITOR=true kubectl edit deploy web", "Edit cancelled, no changes made.\n0"],
  ["KUBE_EDITOR=false kubectl edit deploy web", 'error: there was a problem with the editor "false"\n1'],
  ["KUBE_EDITOR=nosuch kubectl edit deploy web", 'error: unable to launch the editor "nosuch"\n1'],
  ["kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data", /cannot delete Pods that declare no controller/],
  ["kubectl drain node-1 --ignore-daemonsets --force", /node\/node-1 already cordoned[\s\S]*node\/node-1 drained\n0$/],
  ["kubectl get pods -A -o wide | grep node-1 | grep -vc 'kube-proxy\\|flannel'", "0\n1"],
  ["kubectl uncordon node-1", "node/node-1 uncordoned\n0"],
  ["kubectl delete pod,deploy --all --now", /deployment.apps "web" deleted\n0$/],
];

test("pods, streams, edits and drains on a whole cluster", async () => {
  const plan = {
    name: "kubectl",
    hosts: [
      { name: "controlplane", role: "control-plane" },
      { name: "node-1", role: "worker" },
    ],
  } as const;
  const { world, ports } = makeWorld(plan, "kubectl");
  const host = world.controlPlane;
  host.files.mkdir("/root/desk", root);
  host.files.write("/root/desk/f.txt", "hello\n", root);
  for (const [line, printed] of steps) {
    const argv = ["-c", `cd /root/desk; { ${line}; } 2>&1`];
    const ended = await batch(world, ports, host, { user: "root", argv, limits: { seconds: 600 } });
    const got = ended.stdout + ended.status;
    if (typeof printed === "string") expect({ line, got }).toEqual({ line, got: printed });
    else expect(got, line).toMatch(printed);
    world.advance(15);
  }
});
