import { sha256 } from "@noble/hashes/sha2.js";
import { bytesOf } from "../../../base/text-bytes.ts";
import { type ServedPort, socket } from "../../../cluster/network/services/served-port.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The first characters of a SHA-256 in base32, which kube-proxy's chains are named by (pkg/proxy/iptables, nftables, 1.35). */
function hashed(text: string, length: number): string {
  const bytes = sha256(bytesOf(text));
  let made = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && made.length < length) {
      bits -= 5;
      made += ALPHABET[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
    if (made.length >= length) break;
  }
  return made;
}

const names = new Map<string, string>();

function remembered(key: string, make: () => string): string {
  let name = names.get(key);
  if (name === undefined) {
    if (names.size > 20_000) names.clear();
    name = make();
    names.set(key, name);
  }
  return name;
}

/** The chain of a port of a Service: KUBE-SVC-NPX46M4PTMTKRN6Y. SVL is that of traffic policy Local, EXT that of what comes from outside, FW that of source ranges. */
export function servicePortChain(kind: "SVC" | "SVL" | "EXT" | "FW", { label, protocol }: ServedPort): string {
  const of = label + protocol.toLowerCase();
  return `KUBE-${kind}-${remembered(`svc ${of}`, () => hashed(of, 16))}`;
}

/** The chain of an endpoint: KUBE-SEP-… */
export function endpointChain({ label, protocol }: ServedPort, address: string, port: number): string {
  const of = label + protocol.toLowerCase() + socket(address, port);
  return `KUBE-SEP-${remembered(`sep ${of}`, () => hashed(of, 16))}`;
}

/** The part of nftables' chain names that tells the port of a Service: ULMVA6XW-ns1/svc1/tcp/p80. */
export function portName({ service, protocol, portName: name }: ServedPort): string {
  const of = `${service}/${protocol.toLowerCase()}/${name}`;
  return `${remembered(`nft ${of}`, () => hashed(of, 8))}-${of}`;
}

/** The same of an endpoint: 5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80. */
export function endpointName({ service, protocol, portName: name }: ServedPort, address: string, port: number): string {
  const of = `${service}/${protocol.toLowerCase()}/${name}__${address.replaceAll(":", ".")}/${port}`;
  return `${remembered(`nft ${of}`, () => hashed(of, 8))}-${of}`;
}
