import { createRequire } from "node:module";
import type { JqAnswer } from "../base/ports.ts";

/** What is used of Emscripten's file system. */
interface EmscriptenFiles {
  readonly streams: (object | undefined)[];
  open(path: string, flags: string): object;
  close(stream: object): void;
  writeFile(path: string, text: string): void;
  readFile(path: string, options: { encoding: "utf8" }): string;
}

type Factory = () => Promise<JqModule & { raw(input: string, filter: string, flags: string[]): Promise<string> }>;

/** jq's program in WebAssembly. */
interface JqModule {
  files(): EmscriptenFiles;
  callMain(argv: string[]): number;
}

let loaded: Promise<JqModule> | undefined;

const INPUT = "/stdin";
const OUTPUTS = ["/stdout", "/stderr"] as const;

/** Runs the real jq once. */
export async function runJq(flags: readonly string[], filter: string, input: string): Promise<JqAnswer> {
  loaded ??= load();
  const jq = await loaded;
  const files = jq.files();
  files.writeFile(INPUT, input);
  const streams = redirect(files);
  const status = jq.callMain([...(flags.includes("--color-output") ? [] : ["-M"]), ...flags, filter, INPUT]);
  for (const stream of streams) files.close(stream);
  const [stdout = "", stderr = ""] = OUTPUTS.map((path) => files.readFile(path, { encoding: "utf8" }));
  // It reads a file here where it would read a pipe.
  return { stdout, stderr: stderr.replaceAll(`(at ${INPUT}:`, "(at <stdin>:"), status };
}

/** Makes files of descriptors 1 and 2: a new stream takes the lowest number that is free. */
function redirect(files: EmscriptenFiles): readonly object[] {
  for (const fd of [1, 2]) {
    const stream = files.streams[fd];
    if (stream) files.close(stream);
  }
  return OUTPUTS.map((path) => files.open(path, "w"));
}

/**
 * jq-wasm's own interface copies all text once for every byte and forgets the exit status, so its module is made anew
 * from its text with one thing added: a way to its files.
 */
async function load(): Promise<JqModule> {
  const { default: factory } = await import("jq-wasm/dist/build/jq.js");
  const text = String(factory);
  const opened = text.replace(
    /\braw\(jsonString,\s*query,\s*flags\s*=\s*\[\]\)\s*\{/,
    (found) => `files(){return FS},${found}`,
  );
  if (opened === text) throw new Error("this version of jq-wasm has another form");
  // Of this process it gets a stand-in, because it would set the exit status. A bundle calls require by another name.
  const stranger = { versions: { node: "20" }, argv: [], stdin: { fd: 0 } };
  const require = createRequire(import.meta.url);
  const names = ["process", "require", "__require", "_scriptName", "__dirname"];
  const make = new Function(...names, `return (${opened})`)(stranger, require, require, undefined, "") as Factory;
  const jq = await make();
  // Its files are there when its runtime is, which is after the first answer.
  await jq.raw("null", "empty", []);
  return jq;
}
