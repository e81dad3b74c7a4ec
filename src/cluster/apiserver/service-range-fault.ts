import { cidrIn, cidrSize } from "../../base/cidr.ts";

/** Fewer addresses than that are no range for services. */
const LEAST = 8n;

/** What is wrong with --service-cluster-ip-range (pkg/controlplane/apiserver/options, cmd/kube-apiserver validation, 1.35). */
export function serviceRangeFault(flags: Readonly<Record<string, string | undefined>>): string | undefined {
  const text = flags["service-cluster-ip-range"] ?? "";
  if (text === "") return undefined;
  const [first = "", second, ...more] = text.split(",");
  const primary = cidrIn(first);
  if (!primary) return "service-cluster-ip-range[0] is not a valid cidr";
  if (cidrSize(primary) < LEAST)
    return `error determining service IP ranges for primary service cidr: the service cluster IP range must be at least ${LEAST} IP addresses`;
  if (second === undefined) return undefined;
  const secondary = cidrIn(second);
  if (!secondary) return "service-cluster-ip-range[1] is not an ip net";
  if (more.length > 0) return "--service-cluster-ip-range must not contain more than two entries";
  if (primary.first.version === secondary.first.version)
    return "--service-cluster-ip-range[0] and --service-cluster-ip-range[1] must be of different IP family";
  return undefined;
}
