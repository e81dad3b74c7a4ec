/** The CNCF's CKA curriculum 1.35 of 2026-03-03 (CC BY 4.0), wording shortened; the ids are ours. */
export const domains = [
  { id: "troubleshooting", letter: "T", title: "Troubleshooting", weight: 30 },
  { id: "cluster-architecture", letter: "C", title: "Cluster Architecture, Installation & Configuration", weight: 25 },
  { id: "services-networking", letter: "N", title: "Servicing & Networking", weight: 20 },
  { id: "workloads-scheduling", letter: "W", title: "Workloads & Scheduling", weight: 15 },
  { id: "storage", letter: "S", title: "Storage", weight: 10 },
] as const;

/** A domain of the exam. Its weight is in per cent of a paper. */
export type Domain = (typeof domains)[number];

export const competencies = {
  T1: "Troubleshoot clusters and nodes",
  T2: "Troubleshoot cluster components",
  T3: "Monitor resource usage of cluster and applications",
  T4: "Manage and evaluate output streams of containers",
  T5: "Troubleshoot services and networking",
  C1: "Manage role based access control",
  C2: "Prepare the infrastructure for an installation",
  C3: "Create and manage clusters with kubeadm",
  C4: "Manage the life cycle of a cluster",
  C5: "Implement a highly available control plane",
  C6: "Install components with Helm and Kustomize",
  C7: "Understand the extension interfaces CNI, CSI, CRI",
  C8: "Understand CRDs, install and configure operators",
  N1: "Understand connectivity between Pods",
  N2: "Define and enforce NetworkPolicies",
  N3: "Use ClusterIP, NodePort, LoadBalancer and endpoints",
  N4: "Use the Gateway API for ingress traffic",
  N5: "Use Ingress controllers and resources",
  N6: "Understand and use CoreDNS",
  W1: "Understand Deployments, rolling updates and rollbacks",
  W2: "Use ConfigMaps and Secrets",
  W3: "Configure autoscaling",
  W4: "Understand the primitives for self-healing deployments",
  W5: "Configure admission and scheduling of Pods",
  S1: "Implement StorageClasses and dynamic provisioning",
  S2: "Configure volume types, access modes and reclaim policies",
  S3: "Manage PersistentVolumes and claims",
} as const;

/** A bullet of the curriculum. */
export type CompetencyId = keyof typeof competencies;

export function isCompetency(id: string): id is CompetencyId {
  return Object.hasOwn(competencies, id);
}

export function domainOf(competency: CompetencyId): Domain {
  const domain = domains.find((one) => one.letter === competency[0]);
  if (!domain) throw new Error(`no domain for ${competency}`);
  return domain;
}
