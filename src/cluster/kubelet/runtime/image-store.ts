import type { Micros } from "../../../base/clock.ts";
import type { Random } from "../../../base/random.ts";
import type { Program, ProgramTable } from "../../../machine/define.ts";
import { programTable } from "../../../machine/exec.ts";
import type { Image } from "../images/define.ts";
import { images } from "../images/index.ts";
import { userlandPrograms } from "../images/userland.ts";
import { fullName, type ImageName, parseImageName } from "./image-name.ts";

/** An image on a node's disk. */
export interface StoredImage {
  readonly name: ImageName;
  readonly image: Image;
  /** sha256:… of its configuration. */
  readonly id: string;
  /** When it came. */
  readonly since?: Micros;
}

const catalogue: ReadonlyMap<string, Image> = new Map(images.map((image) => [image.repository, image]));

/** Bytes per second that a pull gets, and what each pull takes besides (a registry at a usual distance). */
const BYTES_PER_SECOND = 15_000_000;
const SECONDS_PER_PULL = 0.8;

/** What can be pulled under a name: the image, or the words of the registry's refusal. */
export function findImage(reference: string): { image: Image; name: ImageName } | { error: string } {
  const name = parseImageName(reference);
  if (!name) return { error: "couldn't parse image name" };
  const image = catalogue.get(name.repository);
  const full = fullName(name);
  const failed = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
  if (!image)
    return {
      error: `${failed}: ${
        name.repository.startsWith("docker.io/")
          ? "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
          : `${full}: not found`
      }`,
    };
  if (name.tag !== undefined && !image.tags.includes(name.tag)) return { error: `${failed}: ${full}: not found` };
  return { image: ofTag(image, name.tag ?? ""), name };
}

const variants = new Map<Image, Map<string, Image>>();

/** The image as one of its tags has it; the same object each time. */
function ofTag(image: Image, tag: string): Image {
  if (!image.byTag) return image;
  let byTag = variants.get(image);
  if (!byTag) {
    byTag = new Map();
    variants.set(image, byTag);
  }
  let found = byTag.get(tag);
  if (!found) {
    found = { ...image, ...image.byTag(tag) };
    byTag.set(tag, found);
  }
  return found;
}

/** What a registry says to somebody without a login, or with a wrong one (containerd 2.1, core/remotes/docker). */
export function refusal(name: ImageName, hasLogin: boolean): string {
  const full = fullName(name);
  const [host = "", ...path] = name.repository.split("/");
  const why = hasLogin
    ? `unexpected status from HEAD request to https://${host}/v2/${path.join("/")}/manifests/${name.tag ?? name.digest ?? ""}: 401 Unauthorized`
    : "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials";
  return `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${why}`;
}

/** Seconds a pull takes. */
export function pullSeconds(image: Image, random: Random): number {
  return SECONDS_PER_PULL + (image.size / BYTES_PER_SECOND) * (0.8 + 0.4 * random.fraction());
}

const ids = new WeakMap<ImageName, string>();

/** A stable identifier for an image's content. */
export function imageId(name: ImageName): string {
  let id = ids.get(name);
  if (id === undefined) {
    id = hashOf(fullName(name));
    ids.set(name, id);
  }
  return id;
}

function hashOf(full: string): string {
  let text = "";
  for (let part = 0; text.length < 64; part++) {
    let h = 2166136261 ^ part;
    for (const character of full) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16777619);
    text += ((h ^ (h >>> 15)) >>> 0).toString(16).padStart(8, "0");
  }
  return `sha256:${text.slice(0, 64)}`;
}

const tables = new WeakMap<ProgramTable, Map<Image, { table: ProgramTable; installed: readonly Program[] }>>();

/** The programs in a container of `image`: its own, and those of its userland that the world has. */
export function imagePrograms(
  image: Image,
  host: ProgramTable,
): { readonly table: ProgramTable; readonly installed: readonly Program[] } {
  let byImage = tables.get(host);
  if (!byImage) {
    byImage = new Map();
    tables.set(host, byImage);
  }
  const known = byImage.get(image);
  if (known) return known;
  const installed = [...userlandPrograms(image.userland, image.tools ?? [], host), ...(image.programs ?? [])];
  const made = { table: programTable(installed), installed };
  byImage.set(image, made);
  return made;
}
