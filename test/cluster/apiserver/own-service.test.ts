import { expect, test } from "vitest";
import type { Service } from "../../../src/kinds/types/core.ts";
import { makeLab } from "../kubelet/setup.ts";

test("the Service kubernetes and its endpoints come back within ten seconds, with the same address", () => {
  const lab = makeLab();
  const service = () => lab.api.get<Service>("services", "default", "kubernetes");
  const before = service();
  for (let round = 0; round < 2; round++) {
    lab.sh("cp", "kubectl delete service/kubernetes endpoints/kubernetes endpointslice/kubernetes");
    expect(service()).toBeUndefined();
    lab.world.advance(11);
    expect(service()?.spec).toEqual(before?.spec);
    expect(service()?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(lab.sh("cp", "kubectl get endpoints,endpointslices kubernetes 2>/dev/null").stdout).toMatch(
      /192\.168\.56\.10:6443[\s\S]*endpointslice\S+kubernetes +IPv4 +6443 +192\.168\.56\.10/,
    );
  }
});
