import { portOf, type Url, urlText } from "../url.ts";

/** What -v tells before it follows from one URL to the next (curl 7.88, lib/transfer.c). */
export function leadText(from: Url, to: Url): string {
  const issue = `* Issue another request to this URL: '${urlText(to)}'`;
  const [before, after] = [portOf(from), portOf(to)];
  if (before !== after) return `* Clear auth, redirects to port from ${before} to ${after}\n${issue}`;
  if (from.scheme !== to.scheme) return `* Clear auth, redirects scheme from ${from.scheme} to ${to.scheme}\n${issue}`;
  return issue;
}
