/** The settings of a unit: section, then key, then its values in order; an empty value has cleared those before it. */
export type UnitSettings = Map<string, Map<string, string[]>>;

/** Reads a unit file or drop-in into `settings` (systemd.syntax(7)). Returns what is wrong with it, with line numbers. */
export function parseUnit(settings: UnitSettings, text: string, path: string): string[] {
  const problems: string[] = [];
  let section: Map<string, string[]> | undefined;
  let pending = "";
  let number = 0;
  for (const raw of text.split("\n")) {
    number++;
    const line = pending === "" ? raw.trim() : raw.trimEnd();
    if (/^\s*[#;]/.test(line) || (line.trim() === "" && pending === "")) continue;
    if (line.endsWith("\\")) {
      pending += `${line.slice(0, -1)} `;
      continue;
    }
    const whole = (pending + line).trim();
    pending = "";
    if (whole.startsWith("[")) {
      if (whole.endsWith("]")) section = sectionOf(settings, whole.slice(1, -1));
      else problems.push(`${path}:${number}: Invalid section header '${whole}'`);
      continue;
    }
    const equals = whole.indexOf("=");
    if (!section) problems.push(`${path}:${number}: Assignment outside of section. Ignoring.`);
    else if (equals <= 0) problems.push(`${path}:${number}: Missing '=', ignoring line.`);
    else assign(section, whole.slice(0, equals).trim(), whole.slice(equals + 1).trim());
  }
  return problems;
}

function sectionOf(settings: UnitSettings, name: string): Map<string, string[]> {
  const section = settings.get(name) ?? new Map<string, string[]>();
  settings.set(name, section);
  return section;
}

function assign(section: Map<string, string[]>, key: string, value: string): void {
  if (value === "") section.set(key, []);
  else section.set(key, [...(section.get(key) ?? []), value]);
}

/** The last value of a setting. */
export function setting(settings: UnitSettings, section: string, key: string): string | undefined {
  return settings.get(section)?.get(key)?.at(-1);
}

/** All values of a setting. */
export function settingsOf(settings: UnitSettings, section: string, key: string): readonly string[] {
  return settings.get(section)?.get(key) ?? [];
}

/** The words of a setting that lists names: After=, WantedBy=. */
export function namesIn(settings: UnitSettings, section: string, key: string): readonly string[] {
  return settingsOf(settings, section, key).flatMap((value) => value.split(/\s+/).filter((word) => word !== ""));
}

/** systemd's booleans. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(1|yes|y|true|t|on)$/i.test(value);
}

const units: Readonly<Record<string, number>> = {
  us: 0.000001,
  usec: 0.000001,
  ms: 0.001,
  msec: 0.001,
  "": 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
};

/** A time span in seconds (systemd.time(7)): 10, 500ms, 1min 30s, infinity; undefined for nonsense. */
export function seconds(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  if (text.trim() === "infinity") return Number.POSITIVE_INFINITY;
  let sum = 0;
  const rest = text.replace(/\s*(\d+(?:\.\d+)?)\s*([a-z]*)/g, (whole, count: string, unit: string) => {
    const factor = units[unit];
    if (factor === undefined) return whole;
    sum += Number(count) * factor;
    return "";
  });
  return rest.trim() === "" ? sum : undefined;
}
