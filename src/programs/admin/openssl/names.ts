import { bytesOf, textOf } from "../../../base/text-bytes.ts";
import * as der from "../../../base/x509/der.ts";
import { Fault } from "./define.ts";

/** Attribute types of names: short name, long name, object identifier (crypto/objects/objects.txt, 3.0). */
const types: readonly (readonly [short: string, long: string, oid: string])[] = [
  ["CN", "commonName", "2.5.4.3"],
  ["SN", "surname", "2.5.4.4"],
  ["serialNumber", "serialNumber", "2.5.4.5"],
  ["C", "countryName", "2.5.4.6"],
  ["L", "localityName", "2.5.4.7"],
  ["ST", "stateOrProvinceName", "2.5.4.8"],
  ["street", "streetAddress", "2.5.4.9"],
  ["O", "organizationName", "2.5.4.10"],
  ["OU", "organizationalUnitName", "2.5.4.11"],
  ["title", "title", "2.5.4.12"],
  ["description", "description", "2.5.4.13"],
  ["postalCode", "postalCode", "2.5.4.17"],
  ["GN", "givenName", "2.5.4.42"],
  ["DC", "domainComponent", "0.9.2342.19200300.100.1.25"],
  ["UID", "userId", "0.9.2342.19200300.100.1.1"],
  ["emailAddress", "emailAddress", "1.2.840.113549.1.9.1"],
];
/** What is no UTF8String: PrintableString and IA5String. */
const tags: Readonly<Record<string, number>> = { C: 0x13, serialNumber: 0x13, DC: 0x16, emailAddress: 0x16 };

interface Attribute {
  readonly short: string;
  readonly long: string;
  readonly value: string;
}

function setsIn(name: der.Node): readonly (readonly Attribute[])[] {
  return name.parts.map((set) =>
    set.parts.map(({ parts: [type, value] }) => {
      const oid = der.dottedOid(type?.content ?? new Uint8Array());
      const [short, long] = types.find(([, , one]) => one === oid) ?? [oid, oid];
      return { short, long, value: textOf(value?.content ?? new Uint8Array()) };
    }),
  );
}

/** How names are shown: openssl's own way, RFC 2253, one part a line, or the old way with slashes. */
export type NameStyle = "oneline" | "rfc2253" | "multiline" | "compat";

/** The text of a name. */
export function nameText(name: der.Node, style: NameStyle = "oneline"): string {
  const sets = setsIn(name);
  if (style === "multiline")
    return sets.map((set) => set.map(({ long, value }) => `\n    ${long.padEnd(25)} = ${value}`).join(" + ")).join("");
  if (style === "compat")
    return sets
      .flat()
      .map(({ short, value }) => `/${short}=${value}`)
      .join("");
  if (style === "oneline")
    return sets.map((set) => set.map(({ short, value }) => `${short} = ${quoted(value)}`).join(" + ")).join(", ");
  const shown = sets.map((set) => set.map(({ short, value }) => `${short}=${escaped(value)}`).join("+"));
  return shown.reverse().join(",");
}

function quoted(value: string): string {
  const plain = value.replace(/[\\"]/g, "\\$&");
  return /[,+<>;]|^[ #]| $/.test(value) ? `"${plain}"` : plain;
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;]|^[ #]| $/g, "\\$&");
}

/** What a `-nameopt` asks for. */
export function nameStyle(option: string | undefined): NameStyle {
  if (option === undefined || /^oneline$/i.test(option)) return "oneline";
  if (/^rfc2253$/i.test(option)) return "rfc2253";
  if (/^multiline$/i.test(option)) return "multiline";
  if (/^compat$/i.test(option)) return "compat";
  throw new Fault(`openssl: -nameopt ${option} is not simulated (oneline, RFC2253, multiline and compat are)`);
}

/** The encoding of one part of a name; undefined where its type is unknown. */
export function attribute(type: string, value: string): der.Der | undefined {
  const [short, , oid] = types.find((names) => names.includes(type)) ?? [];
  if (short === undefined || oid === undefined) return undefined;
  const tag = tags[short] ?? 0x0c;
  return der.sequence(der.oid(oid), der.tagged(tag, bytesOf(value)));
}

/** The parts of `/type=value/type=value+type=value`, a backslash taking the meaning of the next character. */
export function subjectOf(
  text: string,
  command: string,
): { readonly name: der.Der; readonly warnings: readonly string[] } {
  if (!text.startsWith("/"))
    throw new Fault(
      `${command}: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text.replace(/^\//, "")}'`,
    );
  const warnings: string[] = [];
  const sets: der.Der[][] = [];
  let joined = false;
  for (const [, type = "", raw = "", end] of text.slice(1).matchAll(/([^=/]*)=((?:\\.|[^\\/+])*)([/+]|$)/gs)) {
    const value = raw.replace(/\\(.)/gs, "$1");
    const part = attribute(type, value);
    if (!part) warnings.push(`${command} warning: Skipping unknown subject name attribute "${type}"`);
    else if (value === "")
      warnings.push(`${command} warning: No value provided for subject name attribute "${type}", skipped`);
    else if (joined && sets.length > 0) sets.at(-1)?.push(part);
    else sets.push([part]);
    joined = end === "+";
  }
  return { name: der.sequence(...sets.map((set) => der.set(...set))), warnings };
}
