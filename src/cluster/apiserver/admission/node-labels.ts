type Labels = Readonly<Record<string, string>> | undefined;

const restriction = "node-restriction.kubernetes.io";

/** What a kubelet may say of its node under Kubernetes' own names (k8s.io/kubelet pkg/apis/well_known_labels.go, 0.35). */
const known = new Set(
  `kubernetes.io/hostname topology.kubernetes.io/zone topology.kubernetes.io/region
  failure-domain.beta.kubernetes.io/zone failure-domain.beta.kubernetes.io/region
  node.kubernetes.io/instance-type beta.kubernetes.io/instance-type kubernetes.io/os kubernetes.io/arch
  beta.kubernetes.io/os beta.kubernetes.io/arch`.split(/\s+/),
);
const knownPrefixes = ["kubelet.kubernetes.io", "node.kubernetes.io"];

/** The labels that differ and that a kubelet may not touch, sorted. */
export function forbiddenLabels(now: Labels, before: Labels): readonly string[] {
  const keys = new Set([...Object.keys(now ?? {}), ...Object.keys(before ?? {})]);
  return [...keys].filter((key) => now?.[key] !== before?.[key] && isForbidden(key)).sort();
}

function isForbidden(key: string): boolean {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? "" : key.slice(0, slash);
  if (isIn(prefix, restriction)) return true;
  if (!isIn(prefix, "kubernetes.io") && !isIn(prefix, "k8s.io")) return false;
  return !known.has(key) && !knownPrefixes.some((one) => isIn(prefix, one));
}

function isIn(prefix: string, domain: string): boolean {
  return prefix === domain || prefix.endsWith(`.${domain}`);
}
