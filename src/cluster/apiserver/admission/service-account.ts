import type { ServiceAccount } from "../../../kinds/types/core.ts";
import type { Container, Pod, Volume } from "../../../kinds/types/pod.ts";
import { freezeNew } from "../../store/freeze.ts";
import type { AdmissionPlugin, AdmissionRequest, AdmissionTools } from "../define.ts";
import { forbidden } from "../errors.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";
const mirrorAnnotation = "kubernetes.io/config.mirror";

/** A pod runs as a service account and finds its token mounted (kubernetes plugin/pkg/admission/serviceaccount, 1.35). */
export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  only: ["pods"],
  mutate(request, server) {
    const pod = podOf(request);
    if (!pod || isMirror(pod)) return;
    const { spec } = pod;
    // The older field is an alias.
    if (!spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount || "default";
    spec.serviceAccount = spec.serviceAccountName;
    const account = accountOf(request, pod, server);
    const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (mounts) mountToken(pod, server);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
    }
  },
  validate(request, server) {
    const pod = podOf(request);
    if (!pod) return;
    if (!isMirror(pod)) {
      accountOf(request, pod, server);
      return;
    }
    const refuse = (why: string) => forbidden(request.kind, pod.metadata.name, why);
    if (pod.spec.serviceAccountName) throw refuse("a mirror pod may not reference service accounts");
    if (usesSecret(pod)) throw refuse("a mirror pod may not reference secrets");
    const projects = ({ projected }: Volume) => projected?.sources?.some((source) => "serviceAccountToken" in source);
    if (pod.spec.volumes?.some(projects))
      throw refuse("a mirror pod may not use ServiceAccountToken volume projections");
  },
};

function podOf({ operation, kind, subresource, object }: AdmissionRequest): Pod | undefined {
  const isNewPod = operation === "CREATE" && kind.group === "" && kind.plural === "pods" && !subresource;
  return isNewPod ? (object as Pod | undefined) : undefined;
}

function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined;
}

function usesSecret({ spec }: Pod): boolean {
  if (spec.volumes?.some(({ secret }) => secret)) return true;
  return [...spec.containers, ...(spec.initContainers ?? [])].some(
    ({ env, envFrom }) =>
      env?.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom?.some(({ secretRef }) => secretRef),
  );
}

function accountOf(request: AdmissionRequest, { metadata, spec }: Pod, server: AdmissionTools): ServiceAccount {
  const name = spec.serviceAccountName ?? "";
  const account = server.get<ServiceAccount>("serviceaccounts", request.namespace, name);
  if (account) return account;
  const why = `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`;
  throw forbidden(request.kind, metadata.name || metadata.generateName, why);
}

function mountToken(pod: Pod, server: AdmissionTools): void {
  const { spec } = pod;
  const existing = spec.volumes?.find(({ name, projected }) => projected && name.startsWith(volumePrefix));
  let volume = existing?.name;
  let needed = false;
  const mount = (container: Container): void => {
    if (container.volumeMounts?.some((other) => other.mountPath === mountPath)) return;
    volume ??= volumePrefix + server.random.suffix();
    needed = true;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name: volume, readOnly: true, mountPath }];
  };
  for (const container of spec.initContainers ?? []) mount(container);
  for (const container of spec.containers ?? []) mount(container);
  if (needed && !existing && volume) spec.volumes = [...(spec.volumes ?? []), tokenVolume(volume)];
}

/** The token, the cluster's authority and the namespace in one volume (TokenVolumeSource, 1.35). */
function tokenVolume(name: string): Volume {
  return { name, projected: tokenSources };
}

/** The same for all pods. */
const tokenSources: NonNullable<Volume["projected"]> = freezeNew({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: {
        items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
      },
    },
  ],
  defaultMode: 420,
});
