import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { JsonObject } from "../../src/base/json.ts";

/** The published description of 1.35, which the project does not ship. */
const folder = new URL("../../../shared/data/openapi-v3-1.35/", import.meta.url);

export const isPublishedThere = existsSync(folder);

export interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly [key: string]: unknown;
}

export interface PublishedDocument {
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** The documents of the group-versions that a default server serves. */
export function publishedDocuments(): PublishedDocument[] {
  if (!isPublishedThere) {
    console.log("the published description of 1.35 is not here: compared with nothing");
    return [];
  }
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.includes("beta"))
    .map((file) => {
      const { paths, components } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      const path = file.replace(".json", "").replaceAll("__", "/");
      const [, group = "", version = ""] = /^(?:apis\/([^/]+)|api)\/(.+)$/.exec(path) ?? [];
      return { path, group, version, paths, schemas: components.schemas };
    });
}
