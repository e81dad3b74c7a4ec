import { expect, test } from "vitest";
import { batch } from "../../../src/lab/batch.ts";
import { makeWorld } from "../../../src/lab/make-world.ts";

const forward = "kubectl port-forward";
const from = "http://127.0.0.1";

/** What is typed on the control plane of a settled cluster, and what it prints: both streams, then the exit status. */
const steps: readonly (readonly [line: string, printed: string | RegExp])[] = [
  ["kubectl run web --image=nginx --port=80", "pod/web created\n0"],
  ["kubectl expose pod web --port=8000 --target-port=80", "service/web exposed\n0"],
  [`${forward} web 80`, "error: unable to forward port because pod is not running. Current status=Pending\n1"],
  ["kubectl wait --for=condition=Ready pod/web --timeout=60s", "pod/web condition met\n0"],
  // Observed with kubectl 1.33.1 against a served world, but for the client.
  [
    `${forward} pod/web 8080:80 & sleep 1; kubectl -s ${from}:8080 get --raw /nope; kill -INT %1; wait %1`,
    "Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\nHandling connection for 8080\nError from server (NotFound): the server could not find the requested resource\n0",
  ],
  [
    `${forward} svc/web 9000:8000 --address=127.0.0.1 & sleep 1; kubectl -s ${from}:9000 get --raw / | grep title; ${forward} web 9000:80 --address=127.0.0.1; kill %1`,
    "Forwarding from 127.0.0.1:9000 -> 80\nHandling connection for 9000\n<title>Welcome to nginx!</title>\nUnable to listen on port 9000: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:9000: bind: address already in use]\nerror: unable to listen on any of the requested ports: [{9000 80}]\n0",
  ],
  [
    `timeout 1 ${forward} web :80 --address=127.0.0.1`,
    /^Forwarding from 127\.0\.0\.1:(3[2-9]|[45]\d|60)\d{3} -> 80\n124$/,
  ],
  [
    `${forward} web 8080:81 & sleep 1; kubectl -s ${from}:8080 get --raw /; wait %1`,
    /Handling connection for 8080\nE\d{4} .* portforward\.go:424\] "Unhandled Error" err="an error occurred forwarding 8080 -> 81: error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute portforward in network namespace .*connection refused "\n[\s\S]*error: lost connection to pod\n1$/,
  ],
  [
    "kubectl proxy & sleep 1; kubectl -s http://127.0.0.1:8001 get svc web -o name; kubectl proxy; kubectl -s http://127.0.0.1:8001 get --raw /api/v1/namespaces/default/pods/web/exec; kill %1",
    "Starting to serve on 127.0.0.1:8001\nservice/web\nerror: listen tcp 127.0.0.1:8001: bind: address already in use\nError from server (Forbidden): Forbidden\n0",
  ],
  [
    "kubectl debug node/node-1 -iq --image=busybox --profile=general -- sh -c 'sleep 1; chroot /host hostname; chroot /host systemctl is-active kubelet; chroot /nope; chroot /etc true'",
    "node-1\nactive\nchroot: cannot change root directory to '/nope': No such file or directory\nchroot: a root other than the host's own disk is not simulated: /etc\n0",
  ],
  [
    "kubectl debug web -iq --image=busybox --profile=general --target=web -- sh -c 'sleep 1; ps -e | grep -c nginx; kill -0 1 && echo seen'",
    "Targeting container \"web\". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n1\nseen\n0".replace(
      /^.*feature\.\n/,
      "",
    ),
  ],
  [
    "kubectl debug web -iq --image=busybox --profile=general --copy-to=copy -c d -- sh -c 'sleep 1; ps -e | grep -c \"pause\\|nginx\"'",
    "2\n0",
  ],
  ["kubectl delete pod --all --now -o name", /pod\/web\n0$/],
];

test("port-forward, proxy and debug on a whole cluster", async () => {
  const plan = {
    name: "streams",
    hosts: [
      { name: "controlplane", role: "control-plane" },
      { name: "node-1", role: "worker" },
    ],
  } as const;
  const { world, ports } = makeWorld(plan, "streams");
  for (const [line, printed] of steps) {
    const argv = ["-c", `{ ${line}; } 2>&1`];
    const ended = await batch(world, ports, world.controlPlane, { user: "root", argv, limits: { seconds: 600 } });
    const got = ended.stdout + ended.status;
    if (typeof printed === "string") expect({ line, got }).toEqual({ line, got: printed });
    else expect({ line, got }).toEqual({ line, got: expect.stringMatching(printed) });
  }
});
