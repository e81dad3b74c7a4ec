import { Errno, type Task } from "../../machine/define.ts";
import type { Stat } from "../../machine/define-files.ts";
import { type Call, Fail, tool } from "./define.ts";
import { globMatches } from "./shared/glob.ts";
import { baseName, joinPath } from "./shared/paths.ts";
import { quote, quoteAlways } from "./shared/quote.ts";
import { type BlockSize, blockSize } from "./shared/size.ts";

/** What a block of the disk holds; files take whole ones. */
const BLOCK = 4096;

interface How {
  readonly size: BlockSize;
  readonly depth: number;
  readonly apparent: boolean;
  readonly excluded: readonly string[];
  /** Least size that is shown; most where it is negative. */
  readonly threshold: number;
  /** Files that were counted already, by inode: those with several names, or all where several operands were given. */
  readonly seen: Set<string>;
}

/** du: how much room files and directories take. */
export const du = tool({
  name: "du",
  usage: "[OPTION]... [FILE]...",
  options:
    "0,null a,all apparent-size b,bytes B,block-size= c,total d,max-depth= D,dereference-args exclude= h,human-readable H inodes k l,count-links L,dereference m P,no-dereference s,summarize S,separate-dirs si t,threshold= x,one-file-system",
  *run(call) {
    for (const key of ["inodes", "L"]) if (call.has(key)) throw new Fail(`-${key} is not simulated`);
    const how = yield* howOf(call);
    let total = 0;
    for (const name of call.operands.length === 0 ? ["."] : call.operands)
      total += (yield* measure(call, how, name, 0, call.has("D") || call.has("H"))) ?? 0;
    if (call.has("c")) put(call, how, total, "total");
    return undefined;
  },
});

function* howOf(call: Call): Task<How> {
  const depthText = call.value("d");
  if (depthText !== undefined && !/^\d+$/.test(depthText)) {
    throw call.misuse(`invalid maximum depth ${quote(depthText)}`);
  }
  if (call.has("s") && call.has("a")) throw call.misuse("cannot both summarize and show all entries");
  if (call.has("s") && depthText === "0")
    yield* call.proc.write(2, "du: warning: summarizing is the same as using --max-depth=0\n");
  else if (call.has("s") && depthText !== undefined)
    throw call.misuse(`warning: summarizing conflicts with --max-depth=${depthText}`);
  const size = blockSize(call.given.map(({ key, value }) => ({ key: key === "H" ? "" : key, value })));
  if (!size) throw new Fail(`invalid -B argument '${call.value("B")}'`);
  const threshold = blockSize([{ key: "B", value: (call.value("t") ?? "1").replace("-", "") }])?.unit;
  if (threshold === undefined) throw new Fail(`invalid -t argument '${call.value("t")}'`);
  return {
    size,
    depth: call.has("s") ? 0 : depthText === undefined ? Number.POSITIVE_INFINITY : Number(depthText),
    apparent: call.has("apparent-size") || call.has("b"),
    excluded: call.given.filter(({ key }) => key === "exclude").map(({ value }) => value ?? ""),
    threshold: call.has("t") ? (call.value("t")?.startsWith("-") ? -threshold : threshold) : 0,
    seen: new Set(),
  };
}

/** Shows a file or a directory with all below it, and gives back its size; undefined where it does not count. */
function* measure(call: Call, how: How, name: string, depth: number, follow: boolean): Task<number | undefined> {
  if (call.proc.tick()) yield undefined;
  if (how.excluded.some((pattern) => globMatches(pattern, name) || globMatches(pattern, baseName(name))))
    return undefined;
  const path = call.path(name);
  let stat: Stat;
  try {
    stat = call.files.stat(path, call.who, { follow });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot access ${quoteAlways(name)}: ${error.message}`);
    return undefined;
  }
  const id = `${call.files.space(path).mount.path} ${stat.inode}`;
  const counts = call.operands.length > 1 || (stat.links > 1 && stat.kind !== "directory");
  if (counts && !call.has("l")) {
    if (how.seen.has(id)) return undefined;
    how.seen.add(id);
  }
  const own = sizeOf(stat, how.apparent);
  if (stat.kind !== "directory") {
    if (depth === 0 || (call.has("a") && depth <= how.depth)) put(call, how, own, name);
    return own;
  }
  const { files, directories } = yield* below(call, how, name, depth);
  const whole = own + files + directories;
  if (depth <= how.depth) put(call, how, call.has("S") ? own + files : whole, name);
  return whole;
}

/** What the files and the directories in a directory take. */
function* below(call: Call, how: How, name: string, depth: number): Task<{ files: number; directories: number }> {
  const sum = { files: 0, directories: 0 };
  const { files, who } = call;
  const path = call.path(name);
  const home = files.space(path).mount.path;
  let children: readonly string[] = [];
  try {
    children = files.list(path, who);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* call.warn(`cannot read directory ${quoteAlways(name)}: ${error.message}`);
  }
  for (const child of children) {
    const at = joinPath(name, child);
    if (call.has("x") && files.space(call.path(at)).mount.path !== home) continue;
    const kind = files.find(call.path(at), who, { follow: false })?.kind;
    const size = (yield* measure(call, how, at, depth + 1, false)) ?? 0;
    if (kind === "directory") sum.directories += size;
    else sum.files += size;
  }
  return sum;
}

/** A short link lies in its inode and takes no block. */
function sizeOf({ kind, size }: Stat, apparent: boolean): number {
  if (apparent) return kind === "file" || kind === "link" || kind === "directory" ? size : 0;
  if (kind === "directory") return BLOCK;
  if (kind !== "file" && !(kind === "link" && size >= 60)) return 0;
  return Math.ceil(size / BLOCK) * BLOCK;
}

function put(call: Call, how: How, bytes: number, name: string): void {
  const { threshold } = how;
  if (threshold < 0 ? bytes > -threshold : bytes < threshold) return;
  call.out.put(`${how.size.show(bytes)}\t${name}${call.has("0") ? "\0" : "\n"}`);
}
