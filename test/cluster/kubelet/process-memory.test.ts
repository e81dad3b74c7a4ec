import { expect, test } from "vitest";
import { makeLab } from "./setup.ts";

// ps(1): RSS in KiB, %MEM of the node's memory, largest first with --sort=-rss.
test("ps shows what processes have in memory", () => {
  const lab = makeLab();
  lab.apply(`apiVersion: v1
kind: Pod
metadata: { name: hungry }
spec:
  nodeName: w1
  containers: [{ name: c, image: polinux/stress, command: [stress, --vm, "1", --vm-bytes, 250M, --vm-hang, "0"] }]
`);
  lab.wait("hungry", "1/1 Running");
  const [first, second] = lab.sh("w1", "sleep 5; ps -eo rss,%mem,comm --sort=-rss --no-headers").stdout.split("\n");
  const [rss = "", share = "", name] = (first ?? "").trim().split(/ +/);
  expect(name).toBe("stress");
  expect(Number(rss)).toBeGreaterThan(250 * 1024);
  expect(Number(rss)).toBeLessThan(270 * 1024);
  expect(Number(share)).toBeGreaterThan(1);
  expect(Number(second?.trim().split(/ +/)[0])).toBeLessThan(200 * 1024);
  expect(lab.sh("w1", "ps -C kubelet -o rss=").stdout.trim()).toBe(String(98 * 1024));
});
