import { expect, test } from "vitest";
import { makeLab } from "../../kubelet/setup.ts";
import { difference, pictureOf } from "../../picture.ts";

const hosts = [
  { name: "cp", role: "control-plane" },
  { name: "w1", role: "worker" },
] as const;

/** A world in which something happens, looked at after a minute that passes in so many steps. */
function picture(cni: "calico" | "cilium", steps: number): string[] {
  const lab = makeLab(hosts, "same", { cni });
  lab.sh("cp", "kubectl create deployment web --image=nginx --replicas=3");
  lab.apply(
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: default}, spec: {podSelector: {}}}",
  );
  for (let step = 0; step < steps; step++) lab.world.advance(60 / steps);
  return pictureOf(lab.world);
}

test.each(["calico", "cilium"] as const)(
  "a world with %s is the same by the same seed, in one step or in many",
  (cni) => {
    const once = picture(cni, 1);
    expect(difference(once, picture(cni, 1))).toBeUndefined();
    expect(difference(once, picture(cni, 600))).toBeUndefined();
  },
);
