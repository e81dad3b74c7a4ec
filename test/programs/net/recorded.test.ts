import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wordsOf } from "../text/text-case.ts";
import { clientHost } from "./clients.ts";

interface Recorded {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** curl 7.88.1, GNU wget 1.21.3, netcat-openbsd 1.219 and busybox 1.35 of Debian 12, with the server of clients.ts. */
const cases: Recorded[] = readFileSync(new URL("../../corpus/net-clients.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** Times and speeds depend on the machine; the banner of busybox tells its build. */
function masked(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replace(/ +[\d.]+[BKM]=[\d.]+s/g, " RATE")
    .replace(/\([\d.]+ [KM]?B\/s\)/g, "(RATE)")
    .replace(/after \d+ ms/g, "after N ms")
    .replace(/^(\r(?: +\d+){7} +)\d+( .*? )\d+$/gm, "$1N$2N")
    .replace(/(\r100(?: +\d+){5}) +\d+ +\d+ (\S+ \S+ \S+) +\d+/g, "$1 N N $2 N");
}

for (const { line, stdout, stderr, status } of cases)
  test(line, () => {
    const host = clientHost();
    const words = wordsOf(line);
    const command = words[0] === "busybox" ? [`busybox-${words[1]}`, ...words.slice(2)] : words;
    const got = host.run(command, { cwd: "/task" });
    expect({ stdout: got.stdout, stderr: masked(got.stderr), status: got.status }).toEqual({
      stdout,
      stderr: masked(stderr),
      status,
    });
  });
