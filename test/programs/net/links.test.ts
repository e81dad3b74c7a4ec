import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeNodes } from "./node.ts";

interface Recorded {
  readonly where: "node" | "pod";
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/**
 * iproute2 6.1, net-tools 2.10 and busybox 1.35 of Debian 12, in network namespaces that were built to have the links,
 * addresses, routes and neighbours of the nodes in node.ts. The card of the recording was a tap device without fq_codel.
 */
const cases: Recorded[] = readFileSync(new URL("../../corpus/net-links.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

for (const { where, line, stdout, stderr, status } of cases)
  test(`${where}: ${line}`, () => {
    const nodes = makeNodes();
    const host = where === "node" ? nodes.near : nodes.pod(1);
    expect(host.run(line.split(" "))).toEqual({ stdout, stderr, status });
  });
