import type { UserInfo } from "../src/cluster/apiserver/define.ts";
import { type ObjectReference, Unmet, type View } from "./define.ts";

/** "deployment/web" or "deployments.apps/web" in a namespace, as the cluster's kinds understand it. */
export function reference(view: View, word: string, namespace: string | undefined): ObjectReference {
  const [kindWord = "", name = ""] = splitReference(word) ?? [];
  const kind = view.kind(kindWord);
  return { kind, namespace: kind.namespaced ? (namespace ?? "default") : undefined, name };
}

/** Kind and name of a reference; undefined where it is none. */
export function splitReference(word: string): readonly [kind: string, name: string] | undefined {
  const slash = word.indexOf("/");
  return slash > 0 && slash < word.length - 1 ? [word.slice(0, slash), word.slice(slash + 1)] : undefined;
}

/** What is wrong with a reference's form. */
export function referenceProblem(word: string): string | undefined {
  return splitReference(word) ? undefined : `${word} is no reference like deployment/web`;
}

/** How messages name an object. */
export function nameOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind.kind} ${name}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}

/** "host:/path" taken apart. */
export function splitPath(word: string): readonly [host: string, path: string] | undefined {
  const colon = word.indexOf(":/");
  return colon > 0 ? [word.slice(0, colon), word.slice(colon + 1)] : undefined;
}

/** "app=web,tier=front" as labels; undefined where it is no selector of that form. */
export function selectorLabels(word: string): Readonly<Record<string, string>> | undefined {
  if (!word.includes("=")) return undefined;
  return Object.fromEntries(
    word.split(",").map((part) => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

/** A user as authentication would describe it: "serviceaccount/robot" in the namespace, "ns:robot" in another, or a user's name. */
export function userNamed(word: string, namespace: string | undefined, groups: readonly string[] = []): UserInfo {
  const account = /^(?:serviceaccount|sa)\/(?:([^:]+):)?(.+)$/.exec(word);
  if (!account) return { name: word, groups: [...groups, "system:authenticated"] };
  const home = account[1] ?? namespace;
  if (home === undefined) throw new Unmet(`${word} needs a namespace`);
  return {
    name: `system:serviceaccount:${home}:${account[2]}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${home}`, "system:authenticated"],
  };
}
