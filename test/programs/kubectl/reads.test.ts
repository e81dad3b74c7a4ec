import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { parseYaml } from "../../../src/base/yaml-in/parse-yaml.ts";
import { splitDocuments } from "../../../src/base/yaml-in/split-documents.ts";
import { recorded } from "../../base/recorded.ts";
import { type ServedHost, servedHost } from "./setup.ts";

/** What real kubectl 1.33.1 printed when it asked our own API server, with the objects of reads-fixture.yaml in it. */
interface ReadCase {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The objects, and the files beside them (`_file`), 125 seconds after they were made. */
function readsHost(): ServedHost {
  const text = readFileSync(new URL("./reads-fixture.yaml", import.meta.url), "utf8");
  const documents = [...splitDocuments(text)].map((document) => parseYaml(document) as JsonObject);
  const host = servedHost(documents.filter((one) => one._file === undefined));
  for (const one of documents) if (one._file !== undefined) host.write(String(one._file), String(one.text));
  host.advance(125);
  return host;
}

/** The time and process number of a log line are the run's own. */
const masked = (text: string) => text.replace(/^[EWIF]\d{4} [\d:.]+ +\d+ /gm, "E ");

const host = readsHost();

test.each(recorded<ReadCase>("kubectl-reads").map((one) => [one.argv.join(" "), one] as const))(
  "kubectl %s",
  (_name, { argv, exit, stdout, stderr }) => {
    const ended = host.kubectl(argv);
    expect({ exit: ended.status, stdout: masked(ended.stdout), stderr: masked(ended.stderr) }).toEqual({
      exit,
      stdout,
      stderr,
    });
  },
);
