import { column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { describeIpAddress } from "./ip-address/describe.ts";
import { immutable, required } from "./problem.ts";
import type { IpAddress } from "./types/service-cidr.ts";
import { checkStrictAddress } from "./validation/addresses.ts";
import { check } from "./validation/labels.ts";
import { dnsSubdomain, pathSegment } from "./validation/words.ts";

/** An address that something uses: the API server makes one for each cluster IP of a service. */
export const ipAddress: Kind<IpAddress> = {
  kind: "IPAddress",
  plural: "ipaddresses",
  group: "networking.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["ip"],
  nameRule: "any",
  defaults(object) {
    object.spec ??= {};
  },
  problemsOfCreate,
  problemsOfUpdate: ({ spec }, { spec: old }) =>
    equal(spec.parentRef, old.parentRef) ? [] : [immutable("spec.parentRef", internalParent(spec.parentRef))],
  selectable: ({ spec }) => {
    const { group = "", resource = "", namespace = "", name = "" } = spec.parentRef ?? {};
    return {
      "spec.parentRef.group": group,
      "spec.parentRef.resource": resource,
      "spec.parentRef.namespace": namespace,
      "spec.parentRef.name": name,
    };
  },
  columns: [nameColumn, column("ParentRef", parentText)],
  describe: describeIpAddress,
};

function parentText({ spec }: IpAddress): string {
  if (!spec.parentRef) return "<none>";
  const { group, resource = "", namespace, name = "" } = spec.parentRef;
  const what = (group ? `${resource}.${group}` : resource).toLowerCase();
  return [what, ...(namespace ? [namespace] : []), name].join("/");
}

/** Named after the address in its one form, and used by something (networking validation ValidateIPAddress, 1.35). */
function problemsOfCreate({ metadata, spec }: IpAddress): readonly Problem[] {
  const problems: Problem[] = [];
  checkStrictAddress(metadata.name, "metadata.name", problems);
  const path = "spec.parentRef";
  if (!spec.parentRef) return [...problems, required(path)];
  const { group, resource, namespace, name } = spec.parentRef;
  if (group) check(dnsSubdomain, group, `${path}.group`, problems);
  if (!resource) problems.push(required(`${path}.resource`));
  else check(pathSegment, resource, `${path}.resource`, problems);
  if (!name) problems.push(required(`${path}.name`));
  else check(pathSegment, name, `${path}.name`, problems);
  if (namespace) check(pathSegment, namespace, `${path}.namespace`, problems);
  return problems;
}

/** As messages show it: the fields of Kubernetes' own type. */
function internalParent(parent: IpAddress["spec"]["parentRef"]): object | null {
  if (!parent) return null;
  const { group = "", resource = "", namespace = "", name = "" } = parent;
  return { Group: group, Resource: resource, Namespace: namespace, Name: name };
}
