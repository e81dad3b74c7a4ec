import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf, listOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import { Status } from "../status.ts";
import type { Secret, ServiceAccount } from "../types/core.ts";

const owner = "kubernetes.io/service-account.name";
const ownerUid = "kubernetes.io/service-account.uid";

/** The text of `kubectl describe serviceaccount`. */
export function* describeServiceAccount(object: ServiceAccount, options: DescribeOptions): Describing {
  const { metadata, imagePullSecrets = [], secrets: mountable = [] } = object;
  const ask = { apiVersion: "v1", resource: "secrets" };
  const answer = yield* listOf<Secret>(metadata.namespace ? { ...ask, namespace: metadata.namespace } : ask);
  const secrets = answer instanceof Status ? undefined : answer;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  const known = secrets && new Set(secrets.map((secret) => secret.metadata.name));
  writeNames(w, "Image pull secrets:", namesOf(imagePullSecrets), known);
  writeNames(w, "Mountable secrets: ", namesOf(mountable), known);
  writeNames(w, "Tokens:            ", namesOfTokens(object, secrets ?? []), known);
  writeEvents(w, events, options.now);
  return w.text();
}

function namesOf(references: readonly { name?: string }[]): string[] {
  return references.map(({ name = "" }) => name);
}

/** The lasting tokens of an account: secrets made for it. */
function namesOfTokens({ metadata }: ServiceAccount, secrets: readonly Secret[]): string[] {
  const mine = secrets.filter(({ type, metadata: { annotations } }) => {
    if (type !== "kubernetes.io/service-account-token") return false;
    return annotations?.[owner] === metadata.name && (annotations[ownerUid] ?? "") === (metadata.uid ?? "");
  });
  return mine.map((secret) => secret.metadata.name);
}

function writeNames(w: Writer, title: string, names: readonly string[], known: Set<string> | undefined): void {
  if (names.length === 0) w.line(0, `${title}\t<none>`);
  names.forEach((name, i) => {
    const missing = known && !known.has(name) ? " (not found)" : "";
    w.line(0, `${i === 0 ? title : " ".repeat(title.length)}\t${name}${missing}`);
  });
}
