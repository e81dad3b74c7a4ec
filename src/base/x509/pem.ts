import { base64Of, fromBase64 } from "../base64.ts";

/** PEM text of DER bytes: CERTIFICATE, EC PRIVATE KEY, PUBLIC KEY. */
export function pemOf(label: string, bytes: Uint8Array): string {
  const lines = base64Of(bytes).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** All blocks of a label in a PEM text. */
export function pemBlocks(text: string, label: string): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (const part of text.split(`-----BEGIN ${label}-----`).slice(1)) {
    const bytes = fromBase64((part.split(`-----END ${label}-----`)[0] ?? "").replace(/\s/g, ""));
    if (bytes) blocks.push(bytes);
  }
  return blocks;
}
