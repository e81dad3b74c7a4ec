// kubectl's list of commands for a bundle that starts fast: each verb's file is evaluated when it is asked for more than
// where the verb stands.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = "src/programs/kubectl/verbs";

/** The text of a module like verbs/index.ts; `workplace` is a folder for what is made on the way. */
export async function lazyVerbs(root, workplace) {
  const files = readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `./${name.split(sep).join("/")}`)
    .sort();
  const { verbs, groups, modules } = await evaluated(root, workplace, files);
  const found = new Map(
    modules.flatMap((module, i) => Object.entries(module).map(([name, value]) => [value, { file: files[i], name }])),
  );
  const entries = verbs.map((verb) => {
    const at = found.get(verb);
    if (!at) throw new Error(`no file under ${folder} exports kubectl ${verb.path.join(" ")}`);
    const { path, aliases } = verb;
    return `verb(${JSON.stringify({ path, aliases })}, () => require(${JSON.stringify(at.file)}).${at.name})`;
  });
  return `${lazyVerb}
exports.verbs = [\n${entries.join(",\n")}\n];
exports.groups = ${JSON.stringify(groups)};
`;
}

/** Looks like the verb. */
const lazyVerb = `const verb = (head, load) => new Proxy(head, {
  get: (_, name) => (name in head ? head[name] : load()[name]),
  has: (_, name) => name in load(),
  ownKeys: () => Reflect.ownKeys(load()),
  getOwnPropertyDescriptor: (_, name) => {
    const own = Object.getOwnPropertyDescriptor(load(), name);
    return own && { ...own, configurable: true };
  },
});`;

async function evaluated(root, workplace, files) {
  const imports = files.map((file, i) => `import * as m${i} from ${JSON.stringify(file)};`);
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports.join("\n")}
        export { groups, verbs } from "./index.ts";
        export const modules = [${files.map((_file, i) => `m${i}`).join()}];`,
      resolveDir: join(root, folder),
    },
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
    logLevel: "error",
  });
  const path = join(workplace, "verbs.cjs");
  writeFileSync(path, outputFiles[0].text);
  try {
    return await import(pathToFileURL(path).href);
  } finally {
    rmSync(path);
  }
}
