import { ipText, parseIp } from "../../../base/cidr.ts";

/** A name with its final dot. */
export function absolute(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** The labels of an absolute name; none for the root. */
export function labelsOf(name: string): string[] {
  return name === "." ? [] : name.replace(/\.$/, "").split(".");
}

/** Whether an absolute name is a zone or lies below it. Both in lower case. */
export function isWithin(name: string, zone: string): boolean {
  return zone === "." || name === zone || name.endsWith(`.${zone}`);
}

/** The longest zone that a name lies in. */
export function zoneOf(zones: readonly string[], name: string): string | undefined {
  let best: string | undefined;
  for (const zone of zones) if (isWithin(name, zone) && zone.length > (best?.length ?? 0)) best = zone;
  return best;
}

/** Whether a text may be a name: labels of at most 63 characters, 253 in all, no empty ones (miekg/dns IsDomainName). */
export function isName(text: string): boolean {
  if (text === ".") return true;
  const labels = text.replace(/\.$/, "").split(".");
  return text.length <= 254 && labels.every((label) => label !== "" && label.length <= 63);
}

/** 10.96.0.1 → 1.0.96.10.in-addr.arpa.; the same for IPv6 in ip6.arpa.; undefined for what is no address. */
export function reverseOf(address: string): string | undefined {
  const ip = parseIp(address);
  if (!ip) return undefined;
  if (ip.version === 4) return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
  return `${[...ip.bits.toString(16).padStart(32, "0")].reverse().join(".")}.ip6.arpa.`;
}

/** The address that a name of in-addr.arpa or ip6.arpa stands for. */
export function addressOf(reverse: string): string | undefined {
  const labels = labelsOf(reverse);
  if (reverse.endsWith(".in-addr.arpa.")) {
    const text = labels.slice(0, -2).reverse().join(".");
    return parseIp(text)?.version === 4 ? text : undefined;
  }
  if (!reverse.endsWith(".ip6.arpa.")) return undefined;
  const digits = labels.slice(0, -2).reverse();
  if (digits.length !== 32 || digits.some((digit) => !/^[0-9a-f]$/.test(digit))) return undefined;
  const ip = parseIp(digits.join("").match(/.{4}/g)?.join(":") ?? "");
  return ip && ipText(ip);
}

/** The zones that a word of a Corefile names: a name, or a network in CIDR form, which stands for its reverse zones. */
export function zonesOf(word: string): string[] {
  const [address = "", length = ""] = word.split("/");
  const ip = parseIp(address);
  if (!ip || !/^\d+$/.test(length)) return [absolute(word.toLowerCase())];
  const step = ip.version === 4 ? 8 : 4;
  const bits = Number(length);
  const labels = labelsOf(reverseOf(address) ?? ".");
  const whole = (ip.version === 4 ? 32 : 128) / step;
  const kept = Math.floor(bits / step);
  const rest = bits % step;
  if (rest === 0) return [`${labels.slice(whole - kept).join(".")}.`];
  const base = ip.version === 4 ? 10 : 16;
  const own = Number.parseInt(labels[whole - kept - 1] ?? "0", base);
  const span = 2 ** (step - rest);
  const first = own - (own % span);
  return Array.from({ length: span }, (_, i) => {
    const label = (first + i).toString(base);
    return `${[label, ...labels.slice(whole - kept)].join(".")}.`;
  });
}
