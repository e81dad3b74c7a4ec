/** An image reference taken apart (distribution/reference). */
export interface ImageName {
  /** docker.io/library/nginx */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const known = new Map<string, ImageName | undefined>();

/** Reads an image reference as container runtimes do; undefined where the format is invalid. */
export function parseImageName(reference: string): ImageName | undefined {
  if (known.has(reference)) return known.get(reference);
  if (known.size > 1000) known.clear();
  const name = readImageName(reference);
  known.set(reference, name);
  return name;
}

function readImageName(reference: string): ImageName | undefined {
  const match =
    /^((?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/.exec(
      reference,
    );
  if (!match?.[1]) return undefined;
  const parts = match[1].split("/");
  const first = parts[0] ?? "";
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
  const own = hasRegistry ? match[1] : `docker.io/${match[1]}`;
  // Docker Hub's own images lie below library.
  const path = own.replace(/^docker\.io\/([^/]+)$/, "docker.io/library/$1");
  return { repository: path, tag: match[2] ?? (match[3] ? undefined : "latest"), digest: match[3] };
}

/** docker.io/library/nginx:1.29 */
export function fullName({ repository, tag, digest }: ImageName): string {
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
