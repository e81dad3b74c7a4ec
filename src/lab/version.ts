import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Set by the build. */
declare const CKA_LAB_VERSION: string | undefined;

/** The version of cka-lab; from package.json where the program runs from its source. */
export function version(): string {
  if (typeof CKA_LAB_VERSION !== "undefined") return CKA_LAB_VERSION;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  }
}
