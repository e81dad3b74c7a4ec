import type { Kind } from "../../kinds/define.ts";
import { kinds } from "../../kinds/index.ts";
import { typeOfKind } from "../../schema/types.ts";
import { CommandFault } from "./faults.ts";
import type { Resource } from "./resource.ts";

const known = new Map<string, Kind>(kinds.map((kind) => [`${kind.group} ${kind.kind}`, kind]));

/** What is known of a resource's kind: what verbs ask for its abilities. Undefined for custom resources. */
export function kindOf({ group, kind }: Pick<Resource, "group" | "kind">): Kind | undefined {
  return known.get(`${group} ${kind}`);
}

/** *v1.ConfigMap: how Go names the type of an object of a resource. */
export function goTypeName({ version, kind }: Pick<Resource, "version" | "kind">): string {
  return `*${version}.${kind}`;
}

/** Throws what commands say that need Go's type of an object: kubectl has none for custom resources. */
export function checkRegistered({ group, version, kind }: Pick<Resource, "group" | "version" | "kind">): void {
  if (typeOfKind(group, version, kind)) return;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  throw new CommandFault(
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/scheme/scheme.go:28"`,
  );
}
