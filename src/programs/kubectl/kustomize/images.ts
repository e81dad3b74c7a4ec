import { FormatError } from "../../../base/format-error.ts";
import { guestRegex } from "../../../base/regex.ts";
import { atFields, type FieldSpec } from "./field-spec.ts";
import type { Image } from "./kustomization.ts";
import { fieldPlace, type Setter } from "./place.ts";
import type { Transformer } from "./transformers.ts";
import { demandKind, isMap, isSeq, scalarText, type Tree } from "./tree.ts";

/** Changes names and tags of images (ImageTagTransformer): in all lists of containers, and in the fields given. */
export function imageChanger(image: Image, specs: readonly FieldSpec[]): Transformer {
  const change = changer(image);
  return (map) => {
    const resources = map.resources.filter(({ kind }) => kind !== "CustomResourceDefinition");
    for (const { object } of resources) inContainers(object, change);
    for (const { object } of resources) atFields(object, specs, undefined, change);
  };
}

function inContainers(tree: Tree, change: Setter): void {
  if (isSeq(tree)) for (const item of tree) inContainers(item, change);
  if (!isMap(tree)) return;
  for (const [key, value] of Object.entries(tree)) {
    if (value === undefined) continue;
    inContainers(value, change);
    if ((key !== "containers" && key !== "initContainers") || !isSeq(value)) continue;
    for (const container of value) {
      demandKind(container, "MappingNode");
      if (isMap(container) && container.image !== undefined) change(fieldPlace(container, "image"));
    }
  }
}

function changer(image: Image): Setter {
  const matches = matcher(image.name ?? "");
  return (place) => {
    demandKind(place.value, "ScalarNode");
    const text = scalarText(place.value);
    if (matches(text)) place.put(changed(text, image));
  };
}

/** The name is part of a regular expression, as it is given (kustomize internal/image, 5.6). */
function matcher(name: string): (text: string) => boolean {
  try {
    const regex = guestRegex(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
    return (text) => regex.test(text);
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    return () => false;
  }
}

function changed(text: string, { newName, newTag, digest, tagSuffix }: Image): string {
  const old = split(text);
  const name = newName || old.name;
  if (newTag || digest) return joined(name, newTag ?? "", digest ?? "");
  if (tagSuffix) return joined(name, old.tag + tagSuffix, "");
  return joined(name, old.tag, old.digest);
}

function joined(name: string, tag: string, digest: string): string {
  return name + (tag === "" ? "" : `:${tag}`) + (digest === "" ? "" : `@${digest}`);
}

/** Name, tag and digest of an image; a colon before the first slash belongs to the host. */
function split(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const slash = Math.max(image.indexOf("/"), 0);
  const [at, colon] = [image.indexOf("@", slash), image.indexOf(":", slash)];
  if (at < 0 && colon < 0) return { name: image, tag: "", digest: "" };
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: "", digest: image.slice(at + 1) };
  if (at < 0) return { name: image.slice(0, colon), tag: image.slice(colon + 1), digest: "" };
  return { name: image.slice(0, colon), tag: image.slice(colon + 1, at), digest: image.slice(at + 1) };
}
