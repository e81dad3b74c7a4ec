import { FormatError } from "../../base/format-error.ts";
import { type Json, type JsonObject, toJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { pod as podKind } from "../../kinds/pod/index.ts";
import { problemText } from "../../kinds/problem.ts";
import type { Container, Pod } from "../../kinds/types/pod.ts";
import { DecodeError, decode } from "../../schema/decode.ts";
import { typeOfKind } from "../../schema/types.ts";
import { metadataProblems } from "../apiserver/metadata.ts";

/** A manifest read: its pod and what makes it another one; or why it is none. `parsed`: it is a pod, but not a valid one. */
export type StaticManifest =
  | { readonly pod: Pod; readonly content: string }
  | { readonly fault: string; readonly parsed: boolean };

const known = new Map<string, StaticManifest>();

/** The pod in a manifest's text. Texts come again and again: in every world, at every check. */
export function staticPodIn(text: string): StaticManifest {
  let read = known.get(text);
  if (read === undefined) {
    if (known.size > 200) known.clear();
    read = readManifest(text);
    known.set(text, read);
  }
  return read;
}

/**
 * Reads a manifest as the kubelet does (pkg/kubelet/config/common.go tryDecodeSinglePod, 1.35): into its type, fields that
 * there are not passed over; with defaults; then validated as a new pod.
 */
function readManifest(text: string): StaticManifest {
  let value: Json;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { fault: error.message, parsed: false };
  }
  try {
    const decoded = decodedPod(value);
    return typeof decoded === "string" ? { fault: decoded, parsed: false } : validated(decoded);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { fault: error.message, parsed: false };
  }
}

function decodedPod(value: Json): Pod | string {
  const body: JsonObject = isObject(value) ? value : {};
  const { kind, apiVersion } = body;
  const shown = () => toJson(value, { sortKeys: true });
  if (typeof kind !== "string" || kind === "") return `Object 'Kind' is missing in '${shown()}'`;
  if (typeof apiVersion !== "string" || apiVersion === "") return `Object 'apiVersion' is missing in '${shown()}'`;
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const type = typeOfKind(group, version, kind);
  if (!type)
    return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  // The real one prints all of the Go object here.
  if (kind !== "Pod" || group !== "") return `invalid pod: &${group.split(".")[0] || "core"}.${kind}{}`;
  return { ...decode(body, type).object, apiVersion, kind } as unknown as Pod;
}

function validated(pod: Pod): StaticManifest {
  const { status: _ignored, ...rest } = pod;
  const own: Pod = rest;
  podKind.defaults?.(own);
  // The name gets the node's behind it before it is looked at.
  const named: Pod = {
    ...own,
    metadata: {
      ...own.metadata,
      name: `${own.metadata.name ?? ""}-node`,
      namespace: own.metadata.namespace ?? "default",
    },
  };
  const problems = [...metadataProblems(podKind, named), ...(podKind.problems?.(named) ?? [])];
  if (problems.length > 0) return { fault: `invalid pod: [${problems.map(problemText).join(", ")}]`, parsed: true };
  const reference = referenceIn(own);
  if (reference) return { fault: `static pods may not reference ${reference}`, parsed: true };
  return { pod: own, content: JSON.stringify(own) };
}

/** What a static pod would need the API for (pkg/api/pod/util.go HasAPIObjectReference, on by default from 1.34 on). */
function referenceIn({ spec }: Pod): string | undefined {
  if (spec.serviceAccountName) return "serviceaccounts";
  const containers: readonly Container[] = [...(spec.initContainers ?? []), ...spec.containers];
  const env = containers.flatMap((c) => (c.env ?? []).map((variable) => variable.valueFrom ?? {}));
  const from = containers.flatMap((c) => c.envFrom ?? []);
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap((volume) => volume.projected?.sources ?? []);
  if (
    (spec.imagePullSecrets as unknown[] | undefined)?.length ||
    env.some((source) => source.secretKeyRef) ||
    from.some((source) => source.secretRef) ||
    [...volumes, ...sources].some((source) => source.secret)
  )
    return "secrets";
  if (
    env.some((source) => source.configMapKeyRef) ||
    from.some((source) => source.configMapRef) ||
    [...volumes, ...sources].some((source) => source.configMap)
  )
    return "configmaps";
  if (sources.some((source) => source.serviceAccountToken)) return "serviceaccounts";
  if (sources.some((source) => source.clusterTrustBundle)) return "clustertrustbundles";
  if (volumes.some((volume) => volume.persistentVolumeClaim || volume.ephemeral)) return "persistentvolumeclaims";
  return undefined;
}
