import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CorefileFault } from "../../../../src/cluster/network/dns/corefile/dispenser.ts";
import { hashLine, zoneLines } from "../../../../src/cluster/network/dns/start-lines.ts";
import { emptyCluster, testDns } from "./dns-host.ts";

interface Start {
  readonly name: string;
  readonly corefile: string;
  readonly log: string;
  readonly fails: boolean;
}

/** What CoreDNS 1.13.1 printed for each Corefile: what it ended with, or what it said until it listened. */
const starts: Start[] = readFileSync(new URL("../../../corpus/dns/corefile-starts.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("what CoreDNS says of a Corefile", () => {
  for (const { name, corefile, log } of starts)
    test(name, () => {
      const inCluster = !name.endsWith("outside");
      const dns = testDns({ cluster: () => (inCluster ? emptyCluster : undefined) });
      let end = "";
      // The built-in Corefile of an empty one is the program's own.
      const text = corefile.replace(/#.*/, "").trim() === "" ? ".:53 {\nwhoami\nlog\n}\n" : corefile;
      try {
        const instance = dns.start(text);
        end = zoneLines(instance).join("") + (instance.shared.reload ? hashLine(instance.blocks) : "");
      } catch (error) {
        if (!(error instanceof CorefileFault)) throw error;
        end = `${error.message}\n`;
      }
      const lines = dns.said.filter((line) => !line.includes("not simulated here")).map((line) => `${line}\n`);
      expect(lines.join("") + end).toBe(log);
    });
});
