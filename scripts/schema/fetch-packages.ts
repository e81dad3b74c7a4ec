import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** The packages the description is made from; exact versions, because the result is committed. */
export const packages = {
  clientNode: "@kubernetes/client-node@2.0.1",
  cdk8s: "cdk8s-plus-33@2.5.57",
  kubernetesTypes: "kubernetes-types@1.30.0",
  kubernetesModels: "kubernetes-models@5.1.0",
} as const;

export type PackageFolders = Readonly<Record<keyof typeof packages, string>>;

/** Unpacks the packages below `folder` without installing them and says where each lies. */
export function fetchPackages(folder: string): PackageFolders {
  const folders: Record<string, string> = {};
  for (const [name, spec] of Object.entries(packages)) {
    const target = join(folder, name);
    mkdirSync(target, { recursive: true });
    const file = execFileSync("npm", ["pack", "--silent", spec], { cwd: target, encoding: "utf8" }).trim();
    execFileSync("tar", ["xzf", file, "--strip-components=1"], { cwd: target });
    folders[name] = target;
  }
  return folders as PackageFolders;
}
