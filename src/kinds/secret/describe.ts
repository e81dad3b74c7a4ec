import { fromBase64 } from "../../base/base64.ts";
import { compareText } from "../../base/go-text.ts";
import { textOf } from "../../base/text-bytes.ts";
import type { Describing } from "../define.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { Writer } from "../describe/writer.ts";
import type { Secret } from "../types/core.ts";
import { base64Length } from "../validation/data.ts";

/** The text of `kubectl describe secret`: sizes only, but the token of a service account in full. It has no events. */
export function* describeSecret({ metadata, type = "", data = {} }: Secret): Describing {
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.add(0, `\nType:\t${type}\n`);
  w.add(0, "\nData\n====\n");
  for (const key of Object.keys(data).sort(compareText)) {
    const value = data[key] ?? "";
    const isToken = key === "token" && type === "kubernetes.io/service-account-token";
    w.field(0, key, isToken ? textOf(fromBase64(value) ?? new Uint8Array()) : `${base64Length(value)} bytes`);
  }
  return w.text();
}
