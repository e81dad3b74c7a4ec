import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { KubeObject } from "../../src/kinds/types/meta.ts";
import { casesOf, collectionOf, kindOfObject, type Served, served } from "./server.ts";

// What a server makes of objects: taken, filled in, warned of, refused. The lines say where each is known from.

interface Case {
  readonly name: string;
  readonly origin: string;
  /** What is there before the object is put in its place. */
  readonly before?: KubeObject;
  readonly object: KubeObject;
  /** The field errors, none where it is taken. Those of metadata come first. */
  readonly problems?: readonly string[];
  /** The whole message, where it is no list of field errors. */
  readonly refused?: string;
  /** What is in the stored object, among other things. */
  readonly holds?: object;
  readonly warnings?: readonly string[];
}

interface Refusal {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

const files = readdirSync(new URL("./cases/", import.meta.url)).map((file) => file.replace(/\.jsonl$/, ""));
const cases = files.flatMap((file) => casesOf<Case>(file).map((one) => [`${file}: ${one.name}`, one] as const));

test("there are many cases, and each says where it is known from", () => {
  expect(cases.length).toBeGreaterThanOrEqual(400);
  expect(cases.filter(([, { origin }]) => !origin).map(([name]) => name)).toEqual([]);
  expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length);
});

let cluster: Served | undefined;

test.each(cases)("%s", (_name, { before, object, problems = [], refused, holds, warnings }) => {
  cluster ??= served();
  const collection = collectionOf(kindOfObject(object));
  const path = `${collection}/${encodeURIComponent(object.metadata.name)}`;
  try {
    if (before)
      expect(cluster.ask("POST", collection, JSON.stringify(before)).body).toMatchObject({ kind: before.kind });
    const text = JSON.stringify(object);
    const reply = before
      ? cluster.ask("PUT", path, withVersion(cluster, path, object))
      : cluster.ask("POST", collection, text);
    const { message, details } = reply.body as Refusal;
    if (reply.status < 300) {
      expect({ problems: [] }).toEqual({ problems: refused === undefined ? problems : [refused] });
    } else if (refused !== undefined) expect(message).toBe(refused);
    else expect(details?.causes?.map(({ field, message }) => `${field}: ${message}`) ?? [message]).toEqual(problems);
    if (holds) expect(reply.body).toMatchObject(holds);
    if (warnings) expect(reply.warnings).toEqual(warnings);
  } finally {
    cluster.ask("PATCH", path, '{"metadata":{"finalizers":null}}', "application/merge-patch+json");
    cluster.ask("DELETE", `${path}?gracePeriodSeconds=0&propagationPolicy=Background`);
  }
});

/** Some kinds take a change only of the version that it names. */
function withVersion({ ask }: Served, path: string, object: KubeObject): string {
  const { resourceVersion } = (ask("GET", path).body as unknown as KubeObject).metadata;
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion } });
}
