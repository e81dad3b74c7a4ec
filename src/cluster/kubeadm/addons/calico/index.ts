import type { Release } from "../../release.ts";
import { calicoAccess } from "./access.ts";
import { calicoConfig } from "./config.ts";
import { calicoControllers } from "./controllers.ts";
import { calicoKinds } from "./kinds.ts";
import { calicoNode } from "./node.ts";

/**
 * Calico as its manifest installs it (calico.yaml of 3.30, with the Kubernetes API as its store). Of its own kinds those are
 * there that its agents use here; its own policies are not simulated, and have no kinds.
 */
export function calico(release: Release): string {
  return [calicoAccess, calicoKinds, calicoConfig, calicoNode(release), calicoControllers(release)].join("---\n");
}
