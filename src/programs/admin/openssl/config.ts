import { sha1 } from "@noble/hashes/legacy.js";
import { parseIp } from "../../../base/cidr.ts";
import * as der from "../../../base/x509/der.ts";
import { bytesOfNumber } from "../../../base/x509/rsa.ts";
import { Fault } from "./define.ts";
import { type Extension, extendedUsages, extensionNames, keyUsages, textName } from "./extensions.ts";

/** A configuration file: values by section, in order; what comes before the first section is in "default". */
export type Config = ReadonlyMap<string, readonly (readonly [name: string, value: string])[]>;

export function parseConfig(text: string): Config {
  const sections = new Map<string, [string, string][]>([["default", []]]);
  let current = sections.get("default") ?? [];
  for (const raw of text.replace(/\\\n/g, "").split("\n")) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const section = /^\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? [];
      sections.set(section, current);
      continue;
    }
    const equals = line.indexOf("=");
    if (equals > 0)
      current.push([
        line.slice(0, equals).trim(),
        line
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      ]);
  }
  return sections;
}

export function valueIn(config: Config, section: string, name: string): string | undefined {
  return config.get(section)?.findLast(([one]) => one === name)?.[1];
}

/** The keys that identifiers are made from: of the certificate itself and of its issuer. */
export interface Keys {
  readonly own: Uint8Array;
  readonly issuer: Uint8Array;
}

/** The extension that `name = value` of a configuration asks for. Throws Fault. */
export function extensionFrom(name: string, text: string, config: Config, keys: Keys): Extension {
  const oid = extensionNames.find(([option]) => option === name)?.[2];
  if (oid === undefined) throw new Fault(`openssl: the extension ${name} is not simulated`);
  const critical = /^critical\s*,/.test(text);
  const words = text.replace(/^critical\s*,/, "").trim();
  const list = words.split(",").map((word) => word.trim());
  return { oid, critical, value: encoded(name, list, config, keys) };
}

function encoded(name: string, list: readonly string[], config: Config, keys: Keys): der.Der {
  if (name === "subjectKeyIdentifier") return der.octets(sha1(keys.own));
  if (name === "authorityKeyIdentifier") return der.sequence(der.contextPrimitive(0, sha1(keys.issuer)));
  if (name === "keyUsage") return usage(list);
  if (name === "subjectAltName") return altNames(list, config);
  if (name === "extendedKeyUsage")
    return der.sequence(
      ...list.map((word) => der.oid(extendedUsages.find(([option]) => option === word)?.[2] ?? oidOf(word))),
    );
  return constraints(list);
}

function invalid(word: string): Fault {
  return new Fault(
    `Error adding extensions from section default\nopenssl: "${word}" cannot be understood in an extension`,
  );
}

function oidOf(word: string): string {
  if (!/^\d+(\.\d+)+$/.test(word)) throw invalid(word);
  return word;
}

function constraints(list: readonly string[]): der.Der {
  const parts: der.Der[] = [];
  for (const word of list) {
    const [, key = "", value = ""] = /^(\w+):(.*)$/.exec(word) ?? [];
    if (key === "CA") parts.push(...(/^(true|y|yes)$/i.test(value) ? [der.boolean(true)] : []));
    else if (key === "pathlen") parts.push(der.integer(bytesOfNumber(BigInt(value))));
    else throw invalid(word);
  }
  return der.sequence(...parts);
}

function usage(list: readonly string[]): der.Der {
  const bytes = [0, 0];
  let last = 0;
  for (const word of list) {
    const bit = keyUsages.findIndex(([option, text]) => option === word || text === word);
    if (bit < 0) throw invalid(word);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
    last = Math.max(last, bit);
  }
  return der.bits(Uint8Array.from(bytes.slice(0, (last >> 3) + 1)), 7 - (last & 7));
}

const nameTags: Readonly<Record<string, number>> = { email: 0x81, DNS: 0x82, URI: 0x86 };

function altNames(list: readonly string[], config: Config): der.Der {
  const entries = list.flatMap((word): (readonly [string, string])[] => {
    if (word.startsWith("@")) return [...(config.get(word.slice(1)) ?? [])];
    const colon = word.indexOf(":");
    return [[word.slice(0, colon), word.slice(colon + 1)]];
  });
  const names = entries.map(([key, value]) => {
    const kind = key.replace(/\..*$/, "");
    const ip = kind === "IP" ? parseIp(value) : undefined;
    if (ip) return der.contextPrimitive(7, bytesOfNumber(BigInt(ip.bits), ip.version === 4 ? 4 : 16));
    const tag = nameTags[kind];
    if (tag === undefined) throw invalid(`${key}:${value}`);
    return textName(tag, value);
  });
  return der.sequence(...names);
}

/** All extensions of a section. */
export function extensionsFrom(section: string, config: Config, keys: Keys): readonly Extension[] {
  return (config.get(section) ?? [])
    .filter(
      ([name]) => extensionNames.some(([option]) => option === name) || config.size === 1 || section !== "default",
    )
    .map(([name, value]) => extensionFrom(name, value, config, keys));
}
