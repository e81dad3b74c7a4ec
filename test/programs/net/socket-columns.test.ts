import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { layOut, socketColumns } from "../../../src/programs/net/sockets/columns.ts";

interface Recorded {
  readonly columns: number;
  readonly line: string;
  readonly pid: number;
  readonly stdout: string;
}

/** ss of iproute2 6.1 on terminals of several widths, with the sockets below. */
const cases: Recorded[] = readFileSync(new URL("../../corpus/ss-columns.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

function rows(pid: number): readonly (readonly string[])[] {
  const by = (fd: number) => ` users:(("python3",pid=${pid},fd=${fd}))`;
  return [
    ["udp", "UNCONN", "0     ", "0     ", "0.0.0.0:", "18998", "0.0.0.0:", "*", by(5)],
    ["tcp", "LISTEN", "0     ", "128   ", "0.0.0.0:", "2024", "0.0.0.0:", "*", ""],
    ["tcp", "LISTEN", "0     ", "5     ", "127.0.0.1:", "18999", "0.0.0.0:", "*", by(3)],
    ["tcp", "LISTEN", "0     ", "128   ", "*:", "18997", "*:", "*", by(4)],
  ];
}

for (const { columns, line, pid, stdout } of cases)
  test(`${line} on ${columns} columns`, () => {
    const udp = line.includes("u");
    const shown = socketColumns.filter((_, i) => i > 0 || udp);
    const all = rows(pid)
      .filter(([netid]) => udp || netid === "tcp")
      .map((row) => row.map((text, i) => (i === 8 && !line.includes("p") ? "" : text)).filter((_, i) => i > 0 || udp));
    const head = line.includes("H") ? [] : [shown.map(({ header }) => header)];
    expect(layOut([...head, ...all], shown, columns)).toBe(stdout);
  });
