import { Errno, type Task } from "../../machine/define.ts";
import type { Space } from "../../machine/define-files.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quoteName } from "./shared/quote.ts";
import { type BlockSize, blockSize } from "./shared/size.ts";

/** df: how full the file systems are. */
export const df = tool({
  name: "df",
  usage: "[OPTION]... [FILE]...",
  options:
    "a,all B,block-size= h,human-readable H,si i,inodes k l,local m no-sync P,portability sync t,type= T,print-type total x,exclude-type=",
  *run(call) {
    if (call.has("i")) throw new Fail("-i is not simulated: file systems count bytes here, not inodes");
    const size = blockSize(call.given);
    if (!size) throw new Fail(`invalid -B argument '${call.value("B")}'`);
    const wanted = (key: string) => call.given.filter((option) => option.key === key).map(({ value }) => value);
    const [only, without] = [wanted("t"), wanted("x")];
    const all = call.operands.length > 0 ? yield* named(call) : everything(call);
    const shown = all.filter(({ mount: { type } }) => {
      return (only.length === 0 || only.includes(type)) && !without.includes(type);
    });
    if (shown.length === 0) {
      if (call.status === 0) yield* call.warn("no file systems processed");
      return undefined;
    }
    const rows = shown.map((space) => rowOf(space, size));
    if (call.has("total")) rows.push(rowOf(sumOf(shown), size));
    print(call, [titleOf(call, size), ...rows]);
    return undefined;
  },
});

/** The file systems that the operands lie on. */
function* named(call: Call): Task<Space[]> {
  const found: Space[] = [];
  for (const name of call.operands) {
    try {
      const path = call.files.realpath(call.path(name), call.who);
      call.files.stat(path, call.who);
      found.push(call.files.space(path));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* call.warn(`${quoteName(name)}: ${error.message}`);
    }
  }
  return found;
}

/** All that is mounted; a disk that is mounted in several places stands there once, by its shortest path. */
function everything(call: Call): Space[] {
  const found = new Map<string, Space>();
  for (const mount of call.files.mounts()) {
    const space = call.files.space(mount.path);
    const key = mount.source.startsWith("/") && !call.has("a") ? mount.source : mount.path;
    const before = found.get(key);
    if (!before || mount.path.length < before.mount.path.length) found.set(key, { ...space, mount });
  }
  return [...found.values()];
}

function sumOf(spaces: readonly Space[]): Space {
  const sum = (part: (space: Space) => number) => spaces.reduce((total, space) => total + part(space), 0);
  const mount = { source: "total", type: "-", path: "-", readOnly: false };
  return { capacity: sum(({ capacity }) => capacity), used: sum(({ used }) => used), mount };
}

type Row = readonly [source: string, type: string, size: string, used: string, free: string, share: string, at: string];

function titleOf(call: Call, { unit, name }: BlockSize): Row {
  const portable = call.has("P");
  const size = unit === undefined ? "Size" : `${portable ? unit : name}-blocks`;
  const free = unit === undefined ? "Avail" : "Available";
  return ["Filesystem", "Type", size, "Used", free, portable ? "Capacity" : "Use%", "Mounted on"];
}

function rowOf({ capacity, used, mount }: Space, size: BlockSize): Row {
  const share = capacity === 0 ? "-" : `${Math.ceil((used * 100) / capacity)}%`;
  const sizes = [capacity, used, capacity - used].map((bytes) => size.show(bytes));
  return [mount.source, mount.type, sizes[0] ?? "", sizes[1] ?? "", sizes[2] ?? "", share, mount.path];
}

/** The least widths of the columns (coreutils 9.1 df.c, field_data). */
const widths = [14, 4, 5, 5, 5, 4, 0];

function print(call: Call, rows: readonly Row[]): void {
  const least = widths.map((width, at) => Math.max(width, ...rows.map((row) => (row[at] ?? "").length)));
  for (const row of rows) {
    const cells = row.map((cell, at) => {
      if (at === 6) return cell;
      return at < 2 ? cell.padEnd(least[at] ?? 0) : cell.padStart(least[at] ?? 0);
    });
    call.out.put(`${cells.filter((_, at) => at !== 1 || call.has("T")).join(" ")}\n`);
  }
}
