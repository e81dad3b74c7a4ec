import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { arch, cpus, loadavg, platform } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { realKubectl } from "../twin/twin.ts";
import type { Row } from "./define.ts";
import { plainEnvironment, quantile, runProcess } from "./measure.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const all = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"];

/** Each benchmark runs in a process of its own, from a bundle like the one that is published. */
async function bundle(): Promise<string> {
  const folder = join(root, "node_modules", ".cache", "cka-lab-bench", String(process.pid));
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, "child.mjs");
  await build({
    entryPoints: [join(root, "test/bench/child.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    loader: { ".wasm": "file" },
    external: ["@lydell/node-pty", "esbuild"],
    define: { CKA_LAB_VERSION: '"bench"' },
    banner: {
      js: 'import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return outfile;
}

const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? ""
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

const columns: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ["", (row) => row.name],
  ["median ms", (row) => number(quantile(row.samples, 0.5))],
  ["p90", (row) => number(quantile(row.samples, 0.9))],
  ["cpu ms", (row) => number(row.cpu)],
  ["rss MiB", (row) => (row.rss === undefined ? "" : row.rss.toFixed(0))],
  ["beside it", (row) => row.reference?.name ?? ""],
  ["median ms", (row) => (row.reference ? number(quantile(row.reference.samples, 0.5)) : "")],
  ["ratio", (row) => (row.reference ? number(quantile(row.samples, 0.5) / quantile(row.reference.samples, 0.5)) : "")],
  ["target", (row) => row.target ?? ""],
  ["", (row) => row.note ?? ""],
];

function print(title: string, rows: readonly Row[]): void {
  const cells = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const line of cells)
    console.log(
      `  ${line.map((cell, i) => (i === 0 || i === 5 || i >= 8 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")}`.trimEnd(),
    );
}

/** One benchmark's process; its rows come as lines of JSON. */
function measure(
  file: string,
  name: string,
  flags: readonly string[],
): Promise<{ title: string; rows: Row[]; skipped?: string }> {
  return new Promise((resolve, reject) => {
    const args = ["--expose-gc", "--max-old-space-size=4096", ...flags, file, name];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: plainEnvironment(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const result: { title: string; rows: Row[]; skipped?: string } = { title: name, rows: [] };
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = JSON.parse(line) as { title?: string; row?: Row; skipped?: string };
      if (said.title) result.title = said.title;
      if (said.row) result.rows.push(said.row);
      if (said.skipped) result.skipped = said.skipped;
    });
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve(result) : reject(new Error(`${name} ended with status ${status}`)),
    );
  });
}

async function about(): Promise<string[]> {
  const kubectl = realKubectl();
  const version = kubectl
    ? (await runProcess(kubectl, ["version", "--client"])).stdout.split("\n")[0]
    : "no real kubectl";
  const { version: own } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const load = loadavg().map((value) => value.toFixed(2));
  return [
    `cka-lab ${own}, node ${process.version}, ${kubectl ? `kubectl: ${version}` : version}`,
    `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${platform()} ${arch()}, load ${load.join(" ")}`,
    `NODE_EXTRA_CA_CERTS is ${process.env.NODE_EXTRA_CA_CERTS ? "set here and unset" : "not set"} in all children. Only ratios of one run mean anything.`,
  ];
}

const asked = process.argv.slice(2);
const flags = asked.filter((word) => word.startsWith("-"));
const names = asked.filter((word) => !word.startsWith("-"));
for (const name of names) if (!all.includes(name)) throw new Error(`no benchmark ${name}: there are ${all.join(", ")}`);
for (const line of await about()) console.log(line);
const file = await bundle();
try {
  for (const name of names.length > 0 ? names : all) {
    const { title, rows, skipped } = await measure(file, name, flags);
    if (rows.length > 0) print(`${name} ${title}`, rows);
    if (skipped) console.log(`\n${name} ${title}\n  skipped: ${skipped}`);
  }
} finally {
  rmSync(dirname(file), { recursive: true, force: true });
}
