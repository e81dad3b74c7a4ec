import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import type { OutsideFault, OutsideServer } from "../../machine/define-network.ts";
import { HandshakeFault } from "./connector.ts";

/** What Go would say of a connection that Node could not make or keep (package net, Go 1.24). */
export function dialFault(error: Error, server: OutsideServer): OutsideFault {
  if (error instanceof HandshakeFault) return { failed: error.message, refused: false };
  const cause = firstOf(error);
  const { code = "", address, port } = cause as NodeJS.ErrnoException & { address?: string; port?: number };
  const to = `dial tcp ${addressText(address ?? server.name, port ?? server.port)}`;
  const dialled = dialWords[code];
  if (dialled !== undefined && (cause as NodeJS.ErrnoException).syscall !== "read")
    return { failed: `${to}: ${dialled}`, refused: code === "ECONNREFUSED" };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const why = code === "ENOTFOUND" ? "no such host" : "server misbehaving";
    return { failed: `dial tcp: lookup ${server.name} on ${nameServer()}:53: ${why}`, refused: false };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS"))
    return { failed: tlsWords(cause), refused: false };
  if (code === "ECONNRESET" || code === "HPE_INVALID_CONSTANT" || /socket hang up/.test(cause.message))
    return { failed: "EOF", refused: false };
  return { failed: cause.message, refused: false };
}

const dialWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  ETIMEDOUT: "i/o timeout",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  EADDRNOTAVAIL: "connect: cannot assign requested address",
};

/** A name with several addresses fails with one error for each; Go tells the first. */
function firstOf(error: Error): Error {
  return error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
}

function addressText(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

function tlsWords({ message }: Error): string {
  // The other side speaks plain HTTP: its answer is no TLS record.
  if (/wrong version number|packet length too long/.test(message))
    return "http: server gave HTTP response to HTTPS client";
  const alert = /alert (?:number )?(\d+)/i.exec(message)?.[1];
  if (/alert bad certificate/.test(message)) return "remote error: tls: bad certificate";
  if (/alert unknown ca/.test(message)) return "remote error: tls: unknown certificate authority";
  if (/alert certificate required/.test(message)) return "remote error: tls: certificate required";
  if (/alert handshake failure/.test(message) || alert === "40") return "remote error: tls: handshake failure";
  return `tls: ${message.trim()}`;
}

function nameServer(): string {
  try {
    return /^nameserver\s+(\S+)/m.exec(readFileSync("/etc/resolv.conf", "utf8"))?.[1] ?? "127.0.0.1";
  } catch {
    return "127.0.0.1";
  }
}
