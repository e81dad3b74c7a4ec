import { ipVersion } from "../base/cidr.ts";
import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { immutable, required, wrong } from "./problem.ts";
import { describeServiceCidr } from "./service-cidr/describe.ts";
import type { ServiceCidr } from "./types/service-cidr.ts";
import { checkStrictNetwork } from "./validation/addresses.ts";

/** A range that the API server takes the cluster IPs of services from. */
export const serviceCidr: Kind<ServiceCidr> = {
  kind: "ServiceCIDR",
  plural: "servicecidrs",
  group: "networking.k8s.io",
  version: "v1",
  namespaced: false,
  subresources: [{ name: "status", kind: "ServiceCIDR", verbs: ["get", "patch", "update"] }],
  defaults(object) {
    object.spec ??= {};
  },
  prepareForCreate(object) {
    object.status = {};
  },
  problemsOfCreate: ({ spec }) => rangeProblems(spec.cidrs ?? []),
  problemsOfUpdate,
  columns: [nameColumn, column("CIDRs", ({ spec }) => (spec.cidrs ?? []).join(",")), ageColumn],
  describe: describeServiceCidr,
};

const path = "spec.cidrs";

/** One range, or one of each family (networking validation ValidateServiceCIDR, 1.35). */
function rangeProblems(cidrs: readonly string[]): readonly Problem[] {
  if (cidrs.length === 0) return [required(path, "at least one CIDR required")];
  if (cidrs.length > 2) return [wrong(path, { CIDRs: cidrs }, "may only hold up to 2 values")];
  const problems: Problem[] = [];
  for (const [index, cidr] of cidrs.entries()) checkStrictNetwork(cidr, `${path}[${index}]`, problems);
  const [first = "", second] = cidrs;
  if (problems.length === 0 && second !== undefined && ipVersion(first) === ipVersion(second)) {
    const detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
    problems.push(wrong(path, cidrs, detail));
  }
  return problems;
}

/** A range stays; only a range of the other family may come to it. */
function problemsOfUpdate({ spec }: ServiceCidr, { spec: old }: ServiceCidr): readonly Problem[] {
  const [now, before] = [spec.cidrs ?? [], old.cidrs ?? []];
  if (now.length === before.length)
    return now.flatMap((cidr, index) => (cidr === before[index] ? [] : [immutable(`${path}[${index}]`, cidr)]));
  if (before.length !== 1 || now.length !== 2) return [immutable(path, now)];
  return [...(now[0] === before[0] ? [] : [immutable(`${path}[0]`, now[0])]), ...rangeProblems(now)];
}
