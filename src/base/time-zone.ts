/** What the zone's offset was at the start of a quarter of an hour; clocks change at no other times. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone | undefined>();
const QUARTER = 900;
const keptOffsets = 20_000;

/** Seconds east of UTC that the clocks of the zone show at `seconds` since the epoch; undefined for an unknown zone. */
export function zoneOffset(zone: string, seconds: number): number | undefined {
  if (zone === "UTC" || zone === "" || zone === "Local") return 0;
  if (!zones.has(zone)) zones.set(zone, openZone(zone));
  const known = zones.get(zone);
  if (!known) return undefined;
  const quarter = Math.floor(seconds / QUARTER);
  let offset = known.offsets.get(quarter);
  if (offset === undefined) {
    offset = readOffset(known.format, quarter * QUARTER);
    if (known.offsets.size > keptOffsets) known.offsets.clear();
    known.offsets.set(quarter, offset);
  }
  return offset;
}

function openZone(zone: string): Zone | undefined {
  // Names are files of the time zone database: no offsets, and the case counts.
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/.test(zone)) return undefined;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    return { format, offsets: new Map() };
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}

/** The formatter writes GMT, GMT+05:30 or GMT-00:25:21. */
function readOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const text = format.format(seconds * 1000);
  const parts = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text);
  const [hours, minutes, rest] = [Number(parts?.[2] ?? 0), Number(parts?.[3] ?? 0), Number(parts?.[4] ?? 0)];
  return (parts?.[1] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
}
