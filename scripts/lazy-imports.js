// An esbuild plugin for what must start fast: every module of src/ and grader/ is evaluated when something in it is
// first used, not when it is imported. Calls between modules cost a little more for it.
import { readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { transform } from "esbuild";

const namespace = "lazy";

/** To be put before the bundle: what the modules' exports are made with, what a default import of CommonJS is, where it is. */
export const lazyBanner = `
var ckaLabHere = { get url() { return require("node:url").pathToFileURL(__filename).href; } };
var ckaLabExport = (to, all) => { for (let name in all) Object.defineProperty(to, name, { get: all[name], enumerable: true }); };
var ckaLabWhole = (module) => module.__esModule ? module : Object.setPrototypeOf({ default: module }, module);
`;

/** `given` has the text of modules that are not to be as they stand, by their path below `root`. */
export const lazyImports = (root, given = {}) => ({
  name: "lazy-imports",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ path, resolveDir }) => ({
      // The bundle shows these paths.
      path: relative(root, resolve(resolveDir, path)).replaceAll("\\", "/"),
      namespace,
    }));
    build.onLoad({ filter: /.*/, namespace }, async ({ path }) => {
      const file = join(root, path);
      if (path in given) return { contents: given[path], loader: "js", resolveDir: dirname(file) };
      const { code } = await transform(readFileSync(file, "utf8"), {
        loader: extname(path).slice(1),
        format: "cjs",
        target: "node20.19",
        define: { "import.meta.url": "ckaLabHere.url" },
        sourcefile: path,
      });
      return { contents: lazy(code, path), loader: "js", resolveDir: dirname(file) };
    });
  },
});

/** CommonJS as esbuild writes it: its own first lines go, and each `import_x` becomes the require that it stands for. */
function lazy(code, path) {
  const required = new Map();
  const text = code
    .replace(/^var __\w+ = [\s\S]*?;\n(?=[^\s}])/gm, "")
    .replace(/^__export\(/m, "ckaLabExport(")
    .replace(/^module\.exports = __toCommonJS\((\w+)\);/m, "module.exports = $1;")
    .replace(/^(var \w+ = )__toESM\((require\("\.[^"]+"\))\);/gm, "$1$2;")
    .replace(/\b__toESM\(/g, "ckaLabWhole(")
    .replace(/^var (import_\w+) = (require\("[^"]+"\)|ckaLabWhole\(require\("[^"]+"\)\));\n/gm, (_all, name, call) => {
      required.set(name, `(${call})`);
      // What nothing is taken from is imported for what it does.
      return code.match(new RegExp(`\\b${name}\\b`, "g"))?.length === 1 ? `${call};\n` : "";
    });
  if (/\b__(toESM|reExport|export|toCommonJS)\b/.test(text)) throw new Error(`${path} imports or exports in a new way`);
  return required.size === 0 ? text : text.replace(/\bimport_\w+\b/g, (name) => required.get(name) ?? name);
}
