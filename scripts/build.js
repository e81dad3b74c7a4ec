// Bundles src/ into dist/: a small main.js, bundles that it starts with all speed, and the program's parts.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { lazyBanner, lazyImports } from "./lazy-imports.js";
import { lazyVerbs } from "./lazy-verbs.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const final = join(root, "dist");
// Built beside the last build, so that a failed or parallel one leaves it whole.
const dist = join(root, `dist.${process.pid}`);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What main.js starts with all speed, each a bundle of its own. */
const fast = {
  kubectl: "src/commands/run-kubectl.ts",
  prompt: "src/commands/early-prompt.ts",
  shell: "src/commands/plain-shell.ts",
};
/** What of the fast ones is long and rarely asked for. */
const rare = { texts: "src/schema/data/texts.ts" };
/** Everything else is one program in parts: what main.js and the fast ones import when it is asked for. */
const parts = {
  program: "src/commands/program.ts",
  outside: "src/wire/outside/outside-network.ts",
  jq: "src/lab/jq.ts",
};

const common = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"', CKA_LAB_VERSION: JSON.stringify(version) },
  metafile: true,
  logLevel: "warning",
};

/** Imports of what stands in another bundle. */
const elsewhere = {
  name: "elsewhere",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir, kind }) => {
      const file = relative(root, resolve(resolveDir, path)).replaceAll("\\", "/");
      const [text] = Object.entries(rare).find(([, source]) => source === file) ?? [];
      if (text) return { path: `./${text}.js`, external: true };
      if (kind !== "dynamic-import") return undefined;
      const [part] = Object.entries(parts).find(([, source]) => source === file) ?? [];
      if (part) return { path: `./parts/${part}.mjs`, external: true };
      const [name] = Object.entries(fast).find(([, source]) => source === file) ?? [];
      return name && { path: name, namespace: "fast" };
    });
    build.onLoad({ filter: /.*/, namespace: "fast" }, ({ path }) => ({
      contents: `const { loadCompiled } = require(${JSON.stringify(join(root, "src/commands/load-compiled.ts"))});
        module.exports = loadCompiled(\`\${__dirname}/${bundles.get(path)}\`, require, (name) => import(name));`,
      resolveDir: root,
    }));
  },
};

mkdirSync(dist, { recursive: true });
process.once("exit", () => rmSync(dist, { recursive: true, force: true }));
const bundles = new Map();
const verbs = lazyVerbs(root, dist);
const results = [await buildParts()];
for (const [name, source] of Object.entries(fast)) results.push(await buildFast(name, source));
results.push(await buildPlain({ main: "src/commands/main.ts" }, [elsewhere]), await buildPlain(rare));
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), notices(results));
rmSync(final, { recursive: true, force: true });
renameSync(dist, final);

/** The program's parts: split where it imports lazily, so that a small command loads little. */
function buildParts() {
  return build({
    ...common,
    entryPoints: Object.fromEntries(Object.entries(parts).map(([name, source]) => [name, join(root, source)])),
    outdir: join(dist, "parts"),
    splitting: true,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    loader: { ".wasm": "file" },
    alias: { "react-devtools-core": join(root, "scripts/empty.js") },
    banner: {
      js: 'import { createRequire as ckaLabRequire } from "node:module"; const require = ckaLabRequire(import.meta.url);',
    },
  });
}

/** A bundle for load-compiled.ts: one function expression of ASCII text, in a file with its hash in the name. */
async function buildFast(name, source) {
  const result = await build({
    ...common,
    stdin: { contents: `module.exports = require("./${source}");`, resolveDir: root },
    format: "cjs",
    conditions: ["import"],
    plugins: [elsewhere, lazyImports(root, { "src/programs/kubectl/verbs/index.ts": await verbs })],
    write: false,
  });
  // esbuild escapes texts but leaves regular expressions as they are; \u stands for the same in both.
  const code = result.outputFiles[0].text
    .replace(/\bimport\("(?=\.\/parts\/|node:)/g, 'load("')
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const text = `(function (module, require, load, __filename) {${lazyBanner}${code}})`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  bundles.set(name, `${name}-${hash}.js`);
  writeFileSync(join(dist, `${name}-${hash}.js`), text);
  return result;
}

function buildPlain(entryPoints, plugins = []) {
  return build({ ...common, entryPoints, absWorkingDir: root, outdir: dist, format: "cjs", plugins });
}

/** The licences of the packages whose code went into the bundle. */
function notices(results) {
  const packages = new Set();
  for (const input of results.flatMap(({ metafile }) => Object.keys(metafile.inputs))) {
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
