import { root } from "../../machine/define-files.ts";
import { type Call, tool } from "./define.ts";

/** free: how much memory is used, out of /proc/meminfo (procps 4.0.2). */
export const free = tool({
  name: "free",
  from: "from procps-ng 4.0.2",
  usage: "[options]",
  options:
    "b,bytes k,kibi m,mebi g,gibi tebi pebi kilo mega giga tera peta h,human si l,lohi t,total s,seconds= c,count= w,wide",
  misused: () => "\nUsage:\n free [options]\n\nFor more details see free(1).",
  *run(call) {
    const seconds = Number(call.value("s") ?? "1");
    let left = call.has("c") ? Number(call.value("c")) : call.has("s") ? Number.POSITIVE_INFINITY : 1;
    if (Number.isNaN(seconds) || seconds <= 0) throw call.misuse(`failed to parse argument: '${call.value("s")}'`);
    for (; left > 0; left--) {
      put(call);
      if (left === 1) break;
      call.out.put("\n");
      yield* call.out.flush();
      yield* call.proc.sleep(seconds);
    }
    return undefined;
  },
});

function put(call: Call): void {
  const amounts = meminfo(call);
  const of = (name: string) => amounts.get(name) ?? 0;
  const [total, left, buffers] = [of("MemTotal"), of("MemFree"), of("Buffers")];
  const cache = of("Cached") + of("SReclaimable");
  const used = total - of("MemAvailable");
  const wide = call.has("w");
  const middle = wide ? [buffers, cache] : [buffers + cache];
  const swap = [of("SwapTotal"), of("SwapTotal") - of("SwapFree"), of("SwapFree")];
  const titles = ["total", "used", "free", "shared", ...(wide ? ["buffers", "cache"] : ["buff/cache"]), "available"];
  const row = (name: string, kib: readonly number[]) =>
    `${name.padEnd(8)}${kib.map((amount) => shown(call, amount).padStart(12)).join("")}\n`;
  call.out.put(`${" ".repeat(8)}${titles.map((title) => title.padStart(12)).join("")}\n`);
  call.out.put(row("Mem:", [total, used, left, of("Shmem"), ...middle, of("MemAvailable")]));
  if (call.has("l")) {
    call.out.put(row("Low:", [total, total - left, left]));
    call.out.put(row("High:", [0, 0, 0]));
  }
  call.out.put(row("Swap:", swap));
  if (call.has("t")) {
    const sums = [total, used, left].map((amount, at) => amount + (swap[at] ?? 0));
    call.out.put(row("Total:", sums));
  }
}

function meminfo(call: Call): ReadonlyMap<string, number> {
  const text = call.files.read("/proc/meminfo", root);
  return new Map([...text.matchAll(/^(\w+):\s+(\d+)/gm)].map(([, name = "", kib]) => [name, Number(kib)]));
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  tebi: 2 ** 40,
  pebi: 2 ** 50,
  kilo: 1e3,
  mega: 1e6,
  giga: 1e9,
  tera: 1e12,
  peta: 1e15,
};

function shown(call: Call, kib: number): string {
  const bytes = kib * 1024;
  const unit = call.last("h", ...Object.keys(units)) ?? "k";
  if (unit !== "h") {
    const size = units[unit] ?? 1024;
    const power = Math.round(Math.log2(size) / 10);
    return String(Math.floor(bytes / (call.has("si") && Number.isInteger(Math.log2(size)) ? 1000 ** power : size)));
  }
  return forPeople(bytes, call.has("si") ? 1000 : 1024, call.has("si") ? "" : "i");
}

/** The first unit in which an amount takes no more than four characters besides the i. */
function forPeople(bytes: number, base: number, end: string): string {
  const room = 4 + end.length;
  if (`${bytes}B`.length <= 4) return `${bytes}B`;
  let divisor = 1;
  for (const unit of "KMGTP") {
    divisor *= base;
    const size = bytes / divisor;
    for (const text of [`${size.toFixed(1)}${unit}${end}`, `${Math.floor(size)}${unit}${end}`])
      if (text.length <= room) return text;
  }
  return String(bytes);
}
