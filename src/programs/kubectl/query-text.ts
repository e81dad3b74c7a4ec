/** The parameters of a request; a list stands for a parameter that is given several times. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** ?a=b, names sorted as Go sorts them. */
export function queryText(query: Query | undefined): string {
  if (!query) return "";
  const parts: string[] = [];
  for (const name of Object.keys(query).sort()) {
    const value = query[name];
    if (value === undefined) continue;
    const values: readonly string[] = Array.isArray(value) ? value : [String(value)];
    for (const one of values) parts.push(`${urlEscaped(name)}=${urlEscaped(one)}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** A text as it stands in a URL. What stands for a byte that is no text is sent as the replacement character. */
export function urlEscaped(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd"));
}
