import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import nodeModule from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

/** Where compiled code is kept: the place for what may be lost, on this system. Undefined where nothing is to be kept. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  // Node's own wish for its own cache (Node 22.8).
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  if (env.CKA_LAB_HOME) return join(env.CKA_LAB_HOME, "cache");
  if (platform === "win32") return env.LOCALAPPDATA && join(env.LOCALAPPDATA, "cka-lab", "cache");
  // An XDG path that is not absolute is to be ignored (XDG Base Directory Specification).
  if (platform !== "darwin" && env.XDG_CACHE_HOME?.startsWith("/")) return join(env.XDG_CACHE_HOME, "cka-lab");
  if (!env.HOME?.startsWith("/")) return undefined;
  return join(env.HOME, platform === "darwin" ? "Library/Caches" : ".cache", "cka-lab");
}

/** What a bundle is given: where its exports go, CommonJS' require, and how it imports the program's other parts. */
export type Bundle = (
  module: { exports: unknown },
  require: (name: string) => unknown,
  load: (name: string) => Promise<unknown>,
  path: string,
) => void;

/**
 * Evaluates a bundle, a function expression of ASCII text in a file whose name holds its hash, together with what V8
 * compiled of it the last time. V8 itself checks that this is of its own version and flags; where there is none, or
 * another, the program merely starts slower. Gives the bundle's exports.
 */
export function loadCompiled(
  path: string,
  require: (name: string) => unknown,
  load: (name: string) => Promise<unknown>,
  folder = cacheFolder(),
): unknown {
  const kept = folder && join(folder, `${basename(path)}.${process.version}-${process.arch}`);
  const cachedData = kept ? readIfThere(kept) : undefined;
  const script = new Script(readFileSync(path, "latin1"), { filename: path, ...(cachedData && { cachedData }) });
  const module = { exports: undefined as unknown };
  (script.runInThisContext() as Bundle)(module, require, load, path);
  if (kept) keepLater(kept, script, !cachedData || script.cachedDataRejected === true);
  return module.exports;
}

/** Lets node keep what it compiles of the program's parts, where it can (since Node 22.8). Each version keeps its own. */
export function keepCompiledParts(version: string, folder = cacheFolder()): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (folder === undefined || !enableCompileCache) return;
  const own = join(folder, `parts-${version}`);
  try {
    if (existsSync(folder) && !existsSync(own))
      for (const name of readdirSync(folder))
        if (name.startsWith("parts-")) rmSync(join(folder, name), { recursive: true, force: true });
  } catch {
    // Somebody else's, or in use.
  }
  enableCompileCache(own);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** How long after the start it is known which functions are needed, in milliseconds. */
const SETTLED = 2000;
/** By which factor the compiled part of a program must have grown to be kept anew. */
const MUCH_MORE = 1.05;

/**
 * Keeps what is compiled at the end, or after a while: a shell may be ended by closing its window. What goes on for
 * longer has compiled more at its end, which is kept then.
 */
function keepLater(path: string, script: Script, isNew: boolean): void {
  const atEnd = () => {
    clearTimeout(timer);
    if (isNew) keep(path, script.createCachedData());
  };
  const settled = () => {
    process.off("exit", atEnd);
    if (isNew) keep(path, script.createCachedData());
    const before = compiledSize();
    process.on("exit", () => {
      if (compiledSize() > before * MUCH_MORE) keepLonger(path, script.createCachedData());
    });
  };
  const timer = setTimeout(settled, SETTLED).unref();
  process.on("exit", atEnd);
}

/** How much of the program is compiled now, in bytes. */
function compiledSize(): number {
  // Loading the module takes longer than small commands have.
  return process.getBuiltinModule("node:v8").getHeapCodeStatistics().bytecode_and_metadata_size;
}

/** V8 drops what has not run for long, so that the end of a long session may know less than its beginning. */
function keepLonger(path: string, data: Buffer): void {
  const before = readIfThere(path)?.length;
  if (before !== undefined && data.length > before) keep(path, data);
}

/** Nobody may see half a file; where it cannot be written, the next start is as slow as this one. */
function keep(path: string, data: Buffer): void {
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(own, data, { mode: 0o600 });
    renameSync(own, path);
    for (const name of readdirSync(dirname(path)))
      if (replaces(basename(path), name)) rmSync(join(dirname(path), name), { force: true });
  } catch {
    // A full or read-only disk.
    removeQuietly(own);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never written.
  }
}

/** Whether a file is of the same bundle and the same node, but of another build. Names are NAME-HASH.js.vVERSION-ARCH. */
function replaces(name: string, old: string): boolean {
  const parts = (text: string) => /^([a-z]+)-([0-9A-F]+)\.js\.(v[\w.-]+)$/.exec(text) ?? [];
  const [, bundle, hash, node] = parts(name);
  const [, oldBundle, oldHash, oldNode] = parts(old);
  return bundle === oldBundle && node === oldNode && hash !== oldHash;
}
