import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kubectlHost } from "./setup.ts";

/** A command of kubectl 1.33.1, as its --help tells it: the usage line, the commands below it, and each flag's short name and default. */
interface Recorded {
  readonly command: string;
  readonly usage: string;
  readonly below: readonly string[];
  readonly flags: Readonly<Record<string, readonly [short: string, initial: string]>>;
}

const recorded = readFileSync("test/corpus/kubectl-flags.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

const host = kubectlHost();

test.each(recorded)("the flags of kubectl $command", ({ command, ...wanted }) => {
  const { stdout } = host.kubectl(command === "options" ? command : `${command} --help`);
  const flags = [...stdout.matchAll(/^ {4}(?:-(\w), )?--([\w-]+)=(.*):$/gm)].map(([, short = "", name, initial]) => [
    name,
    [short, (initial ?? "").replaceAll(/'[^']*\/\.kube\/cache'/g, "'HOME/.kube/cache'")],
  ]);
  const lists = [...stdout.matchAll(/^[A-Z][\w ()/-]*Commands.*:\n((?: {2}\S.*\n)+)/gm)];
  const below = lists.flatMap(([, rows = ""]) => [...rows.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name)).sort();
  const usage = /^Usage:\n {2}(.*)$/m.exec(stdout)?.[1] ?? "";
  expect({ usage, below, flags: Object.fromEntries(flags) }).toEqual(wanted);
});
