/** A value as iproute2 writes it in JSON (lib/json_writer.c, 6.1). */
export type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** JSON in iproute2's two styles: in one line, or (-p) with its own indentation. */
export function jsonText(value: JsonValue, pretty: boolean, depth = 0): string {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((one) => jsonText(one, pretty, depth + 1));
    if (!pretty) return `[${items.join(",")}]`;
    return items.length === 0 ? "[ ]" : `[ ${items.join(",")} ]`;
  }
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value);
  if (!pretty) return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one, false)}`).join(",")}}`;
  const line = (level: number) => `\n${"    ".repeat(level)}`;
  const texts = entries.map(
    ([key, one]) => `${line(depth + 1)}${JSON.stringify(key)}: ${jsonText(one, true, depth + 1)}`,
  );
  return `{${texts.join(",")}${entries.length > 0 ? line(depth) : ""}}`;
}
