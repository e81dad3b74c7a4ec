import type { DryRun } from "../../flag-groups.ts";
import type { ApplyValues } from "./apply.ts";

/** What is wrong with the flags of kubectl apply together (ApplyOptions.Validate, 1.33). */
export function applyProblem(values: ApplyValues, dryRun: DryRun, hasSet: boolean): string | undefined {
  const { force, all, selector, prune } = values;
  const serverSide = values["server-side"];
  if (values["force-conflicts"] && !serverSide) return "--force-conflicts only works with --server-side";
  if (values.subresource !== "" && !serverSide) return "--subresource can only be specified for --server-side";
  if (dryRun === "client" && serverSide)
    return "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
  if (force && serverSide) return "--force cannot be used with --server-side";
  if (force && dryRun === "server") return "--dry-run=server cannot be used with --force";
  if (all && selector !== "") return "cannot set --all and --selector at the same time";
  if (hasSet) return setProblem(values);
  if (!prune) return undefined;
  if (!all && selector === "")
    return "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector";
  return serverSide
    ? "--prune is in alpha and doesn't currently work on objects created by server-side apply"
    : undefined;
}

function setProblem({ prune, all, selector, "prune-allowlist": listed }: ApplyValues): string | undefined {
  if (!prune) return "--applyset requires --prune";
  if (all) return "--all is incompatible with --applyset";
  if (selector !== "") return "--selector is incompatible with --applyset";
  return listed.length > 0 ? "--prune-allowlist is incompatible with --applyset" : undefined;
}
