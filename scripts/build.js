// Bundles src/ into dist/: one entry, split where the program imports lazily, so that a small command loads little.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const final = join(root, "dist");
// Built beside the last build, so that a failed or parallel one leaves it whole.
const dist = join(root, `dist.${process.pid}`);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

mkdirSync(dist, { recursive: true });
const result = await build({
  entryPoints: { main: join(root, "src/commands/main.ts") },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  chunkNames: "chunks/[name]-[hash]",
  loader: { ".wasm": "file" },
  alias: { "react-devtools-core": join(root, "scripts/empty.js") },
  define: { "process.env.NODE_ENV": '"production"', CKA_LAB_VERSION: JSON.stringify(version) },
  banner: {
    js: 'import { createRequire as ckaLabRequire } from "node:module"; const require = ckaLabRequire(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), notices(result.metafile));
rmSync(final, { recursive: true, force: true });
renameSync(dist, final);

/** The licences of the packages whose code went into the bundle. */
function notices(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = ["LICENSE", "LICENSE.md", "license", "LICENSE.txt", "LICENCE", "License"].find((f) =>
        existsSync(join(folder, f)),
      );
      const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${about.license}`;
      return `${name} ${about.version}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
