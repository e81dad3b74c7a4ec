import { compareText } from "../../base/go-text.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { writeLabelsAndAnnotations, writeName } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { Writer } from "../describe/writer.ts";
import type { ConfigMap } from "../types/core.ts";
import { base64Length } from "../validation/data.ts";

/** The text of `kubectl describe configmap`. kubectl prints the keys in no order; here they are sorted. */
export function* describeConfigMap(object: ConfigMap, options: DescribeOptions): Describing {
  const { data = {}, binaryData = {}, metadata } = object;
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  writeName(w, metadata);
  writeLabelsAndAnnotations(w, metadata);
  w.add(0, "\nData\n====\n");
  for (const key of Object.keys(data).sort(compareText)) w.add(0, `${key}:\n----\n${data[key]}\n\n`);
  w.add(0, "\nBinaryData\n====\n");
  for (const key of Object.keys(binaryData).sort(compareText))
    w.line(0, `${key}: ${base64Length(binaryData[key] ?? "")} bytes`);
  w.line(0, "");
  writeEvents(w, events, options.now);
  return w.text();
}
