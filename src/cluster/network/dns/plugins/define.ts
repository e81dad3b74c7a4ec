import { FormatError } from "../../../../base/format-error.ts";
import { parseGoDuration } from "../../../../base/go-duration.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { HttpRequest, HttpResponse } from "../../../../base/http.ts";
import { CorefileFault, type Dispenser } from "../corefile/dispenser.ts";
import { isWithin, zonesOf } from "../names.ts";

/** A fault of a setting, in the plugin's own words. */
export function settingFault(why: string): CorefileFault {
  return new CorefileFault(why);
}

/** What CoreDNS says of a directive that may stand but once. */
export const ONCE = "this plugin can only be used once per Server Block";

/** Goes to the directive; throws where it stands a second time. */
export function* onlyOnce(words: Dispenser): Generator<void> {
  let seen = false;
  while (words.next()) {
    if (seen) throw settingFault(ONCE);
    seen = true;
    yield;
  }
}

/** A whole number in Go's words (strconv.Atoi, ParseUint). */
export function wholeNumber(text: string | undefined, parser: "Atoi" | "ParseUint" = "Atoi"): number {
  const fits = parser === "Atoi" ? /^[+-]?\d+$/ : /^\d+$/;
  if (text === undefined || !fits.test(text))
    throw settingFault(`strconv.${parser}: parsing ${goQuote(text ?? "")}: invalid syntax`);
  return Number(text);
}

/** A duration in microseconds; its fault in Go's words. */
export function duration(text: string): number {
  try {
    return parseGoDuration(text);
  } catch (error) {
    if (error instanceof FormatError) throw settingFault(error.message);
    throw error;
  }
}

/** The zones of `fallthrough [ZONE…]`: all where none is named. */
export function fallZones(args: readonly string[]): readonly string[] {
  return args.length === 0 ? ["."] : args.flatMap(zonesOf);
}

/** Whether a name falls through. */
export function fallsThrough(zones: readonly string[] | undefined, name: string): boolean {
  return zones?.some((zone) => isWithin(name, zone)) ?? false;
}

/** HOST:PORT of a page's address, as net.SplitHostPort reads it. */
export function hostPort(text: string): { readonly host: string; readonly port: number } {
  const found = /^(.*):([^:]*)$/.exec(text);
  if (!found) throw settingFault(`address ${text}: missing port in address`);
  return { host: (found[1] ?? "").replace(/^\[|\]$/g, ""), port: Number(found[2]) };
}

/** A page in plain text at a path. */
export function pageAt(
  path: string,
  body: () => { status: number; body: string },
): (request: HttpRequest) => HttpResponse {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return (request) => {
    if (request.path.split("?")[0] !== path) return { status: 404, headers, body: "404 page not found\n" };
    return { headers, ...body() };
  };
}
