import type { Process } from "../../../../machine/process.ts";

/** What a release of the controller tells of itself: commit and nginx' version. */
interface Release {
  readonly build: string;
  readonly nginx: string;
}

/** The releases in the catalogue; the builds are those that their logs tell, where one was seen. */
const releases: Readonly<Record<string, Release>> = {
  "v1.13.2": { build: "11c69a64ce3c5bdfb6782434d9f62296d4b42179", nginx: "1.27.1" },
  "v1.12.2": { build: "7995f327cd0c228bda326a9e287ba559799bffe0", nginx: "1.25.5" },
  "v1.12.1": { build: "51c2b819690bbf1709b844dbf321a9acf6eda5a7", nginx: "1.25.5" },
};

const LINE = "-".repeat(79);

/** The first lines of the controller's log (version.String, 1.13). */
export function banner({ machine }: Process): string {
  const tag = /:(v[^@]+)/.exec(String(machine.parts.get("image")))?.[1] ?? "v1.13.2";
  const { build = "unknown", nginx = "1.27.1" } = releases[tag] ?? {};
  return `${LINE}\nNGINX Ingress controller\n  Release:       ${tag}\n  Build:         ${build}\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/${nginx}\n\n${LINE}\n\n`;
}
