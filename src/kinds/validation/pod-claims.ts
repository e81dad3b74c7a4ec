import { compareText } from "../../base/go-text.ts";
import type { Problem } from "../define.ts";
import { duplicate, required, wrong } from "../problem.ts";
import type { PodSpec } from "../types/pod.ts";
import { check } from "./labels.ts";
import { dnsLabel, dnsSubdomain } from "./words.ts";

/** The devices that a pod claims, and which containers use them (core validation ValidatePodResourceClaims, 1.35). */
export function checkPodClaims(spec: PodSpec, path: string, problems: Problem[]): void {
  const names = new Set<string>();
  for (const [index, claim] of (spec.resourceClaims ?? []).entries()) {
    const at = `${path}.resourceClaims[${index}]`;
    if (!claim.name) problems.push(required(`${at}.name`));
    else if (names.has(claim.name)) problems.push(duplicate(`${at}.name`, claim.name));
    else {
      check(dnsLabel, claim.name, `${at}.name`, problems);
      names.add(claim.name);
    }
    const { resourceClaimName: one, resourceClaimTemplateName: template } = claim;
    const shown = {
      Name: claim.name ?? "",
      ResourceClaimName: one ?? null,
      ResourceClaimTemplateName: template ?? null,
    };
    const fields = "`resourceClaimName`, `resourceClaimTemplateName`";
    if (one !== undefined && template !== undefined)
      problems.push(wrong(at, shown, `at most one of ${fields} may be specified`));
    if (one === undefined && template === undefined) problems.push(wrong(at, shown, `must specify one of: ${fields}`));
    if (one !== undefined) check(dnsSubdomain, one, `${at}.resourceClaimName`, problems);
    if (template !== undefined) check(dnsSubdomain, template, `${at}.resourceClaimTemplateName`, problems);
  }
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, { resources }] of (spec[list] ?? []).entries())
      checkUses(resources?.claims ?? [], names, `${path}.${list}[${index}].resources.claims`, problems);
}

function checkUses(
  uses: readonly { name?: string; request?: string }[],
  names: ReadonlySet<string>,
  path: string,
  problems: Problem[],
): void {
  const seen = new Set<string>();
  for (const [index, { name = "", request = "" }] of uses.entries()) {
    const at = `${path}[${index}]`;
    if (name === "") {
      problems.push(required(at));
      continue;
    }
    if (request !== "") check(dnsLabel, request, `${at}.request`, problems);
    const key = request === "" ? name : `${name}/${request}`;
    if (seen.has(name) || seen.has(key)) problems.push(duplicate(at, key));
    seen.add(key);
    if (names.has(name)) continue;
    const known = names.size === 0 ? " which is empty" : `: ${[...names].sort(compareText).join(", ")}`;
    const detail = `must be one of the names in pod.spec.resourceClaims${known}`;
    problems.push({ type: "NotFound", path: at, value: name, detail });
  }
}
