/** The way from one directory to a path, both absolute and without links. */
export function relativePath(from: string, to: string): string {
  const a = from.split("/").filter((part) => part !== "");
  const b = to.split("/").filter((part) => part !== "");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/") || ".";
}
