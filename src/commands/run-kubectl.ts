import { existsSync, readFileSync, statSync } from "node:fs";
import { isOffline, offlineKubectl } from "../lab/offline-kubectl.ts";
import { readStdin } from "./read-stdin.ts";

const onOutput = (fd: 1 | 2, text: string): void => {
  (fd === 1 ? process.stdout : process.stderr).write(text);
};

/** `cka-lab kubectl …`: one line, in a fresh cluster where it needs one. Files that it names are the real ones. */
export async function runKubectl(argv: readonly string[]): Promise<number> {
  const files = namedFiles(argv);
  if (isOffline(argv)) return offlineKubectl({ argv, stdin: readStdin, files, onOutput }, Date.now() * 1000);
  const { kubectlInWorld } = await import("../lab/kubectl-in-world.ts");
  return await kubectlInWorld({ argv, stdin: readStdin, files, onOutput });
}

/** The files behind -f, --filename, --from-file and the like. */
function namedFiles(argv: readonly string[]): ReadonlyMap<string, string> {
  const paths = argv.flatMap((word) => [word, ...word.split(/[=,]/)]);
  const real = [...new Set(paths)].filter((path) => path !== "" && existsSync(path) && statSync(path).isFile());
  return new Map(real.map((path) => [path, readFileSync(path, "utf8")]));
}
