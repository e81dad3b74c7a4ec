import { notSimulated } from "../not-simulated.ts";

/** Builds manifests from a kustomization. */
export const kustomize = notSimulated(
  "kustomize",
  "kustomize DIR",
  "Build a kustomization target from a directory or URL",
);
