import type { Program, Signal } from "../../../machine/define.ts";
import type { Files } from "../../../machine/define-files.ts";

/** What an image does: one file each. The catalogue is all there is to pull; another name or tag is not found. */
export interface Image {
  /** docker.io/library/nginx, registry.k8s.io/pause: the full repository. */
  readonly repository: string;
  /** The tags that exist, newest stable first; "latest" is among them where the registry has it. */
  readonly tags: readonly string[];
  /** Compressed size as the registry tells it, in bytes: pulling takes time by it. */
  readonly size: number;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  /** The user it runs as; root where left out. */
  readonly user?: number;
  /** Its own programs: the daemon it is there for. */
  readonly programs?: readonly Program[];
  /** What else is in it: a whole Debian-like userland, busybox, or nothing but its own programs (distroless). */
  readonly userland: "debian" | "busybox" | "none";
  /** What its daemon uses while nobody asks anything of it: thousandths of a core, and MiB. Nearly nothing where left out. */
  readonly usage?: { readonly cpu: number; readonly memory: number };
  /** Whom its registry gives it to; to all where left out. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The signal that asks its process to end, where it is another than TERM (STOPSIGNAL). */
  readonly stopSignal?: Signal;
  /** Programs of the world's hosts that it has beside its userland: "curl". */
  readonly tools?: readonly string[];
  /** What some of its tags have otherwise: the userland of the "-alpine" ones. */
  byTag?(tag: string): Partial<Image>;
  /** Puts its files into a fresh container, made when somebody looks. */
  files?(files: Files, tag: string): void;
}
