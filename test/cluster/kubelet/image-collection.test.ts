import { expect, test } from "vitest";
import { busybox, type Lab, makeLab } from "./setup.ts";

// pkg/kubelet/images/image_gc_manager.go and kubelet.go StartGarbageCollection, 1.35: a look every five minutes.

const images = (lab: Lab) =>
  lab.sh("cp", "kubectl get node w1 -o jsonpath='{.status.images[*].names[1]}'").stdout.split(" ");

function collectFrom(lab: Lab, high: number, low: number): void {
  const text = `imageGCHighThresholdPercent: ${high}\\nimageGCLowThresholdPercent: ${low}\\n`;
  lab.sh("w1", `printf '${text}' >> /var/lib/kubelet/config.yaml; systemctl restart kubelet`);
}

const fill = (megabytes: number) => `fallocate -l ${megabytes}M /big`;

test("images that nobody uses go when the disk is fuller than the mark, the rest stays", () => {
  const lab = makeLab();
  lab.apply(busybox("old", "true").replace("busybox:1.36", "nginx:1.27"));
  lab.apply(busybox("kept", "sleep 10000").replace("busybox:1.36", "redis:7"));
  lab.wait("kept", "1/1 Running", 40);
  lab.until("both images are there", () => images(lab).includes("docker.io/library/nginx:1.27"), 60);
  lab.delete("old", 0);
  lab.sh("w1", fill(3000));
  collectFrom(lab, 10, 9);
  lab.world.advance(700);
  expect(images(lab)).not.toContain("docker.io/library/nginx:1.27");
  expect(images(lab)).toContain("docker.io/library/redis:7");
});

test("what cannot be freed is said, and the second time in a row that collecting failed", () => {
  const lab = makeLab();
  lab.sh("w1", fill(3000));
  collectFrom(lab, 3, 2);
  lab.world.advance(330);
  const said = () => lab.events("w1", "Node").filter((text) => text.startsWith("Warning"));
  const why =
    /^Warning FreeDiskSpaceFailed Failed to garbage collect required amount of images. Attempted to free \d+ bytes, but only found \d+ bytes eligible to free.$/;
  expect(said()).toEqual([expect.stringMatching(why)]);
  lab.world.advance(300);
  expect(said().at(-1)).toMatch(/^Warning ImageGCFailed Failed to garbage collect required amount of images\./);
});
