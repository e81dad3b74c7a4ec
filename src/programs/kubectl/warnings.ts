/** The texts of a Warning header: 299 - "text", 299 - "another" */
export function warningsIn(header: string | undefined): readonly string[] {
  if (header === undefined) return [];
  const texts = header.matchAll(/299 [^ ]+ "((?:[^"\\]|\\.)*)"/g);
  return [...texts].map((found) => (found[1] ?? "").replace(/\\(.)/g, "$1"));
}
