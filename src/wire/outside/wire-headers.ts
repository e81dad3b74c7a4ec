/** The headers of a request as they travel: several values of one name each on a line of their own. */
export function wireHeaders(headers: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    sent[name] = name === "impersonate-group" || name.startsWith("impersonate-extra-") ? value.split(",") : value;
  return sent;
}
