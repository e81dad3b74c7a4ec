import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HttpRequest, HttpResponse } from "../../../src/base/http.ts";
import { ClusterNetwork } from "../../../src/cluster/network/cluster-network.ts";
import { root } from "../../../src/machine/define-files.ts";
import { netPrograms } from "../../../src/programs/net/index.ts";
import { type Host, makeHost } from "../../machine/harness.ts";
import { wordsOf } from "../text/text-case.ts";

interface Recorded {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** curl 7.88.1, GNU wget 1.21.3 and busybox 1.35 of Debian 12, one line after the other, with the server below. */
const cases: Recorded[] = readFileSync(new URL("../../corpus/net-options.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** Says what it was asked; sets a cookie under /app, and wants a password for /auth. */
function answer({ method, path, headers, body = "" }: HttpRequest): HttpResponse {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  const text = `${method} ${path}\n${lines.join("")}${body}`;
  const refused = path === "/auth" && headers.authorization !== "Basic bWU6cHc=";
  return {
    status: refused ? 401 : 200,
    headers: {
      server: "test/1",
      ...(refused ? { "www-authenticate": 'Basic realm="x"' } : {}),
      ...(path.startsWith("/app") ? { "set-cookie": "sid=42; Path=/app" } : {}),
      "content-type": "text/plain",
      "content-length": String(text.length),
    },
    body: text,
  };
}

function serving(): Host {
  const network = new ClusterNetwork();
  const dialects = netPrograms.flatMap((one) =>
    one.busybox ? [one, { name: `busybox-${one.name}`, run: one.busybox }] : [one],
  );
  const host = makeHost({
    network,
    programs: dialects,
    prepare({ files }) {
      files.mkdir("/task", root);
      files.write("/task/data", "from a file\n", root);
    },
  });
  network.attach(host.machine.net, host.machine);
  const { proc } = host.start(function* (own) {
    for (;;) yield* own.sleep(1e6);
  });
  host.machine.listen({ proc, address: "127.0.0.1", port: 18780, protocol: "TCP", http: answer });
  return host;
}

/** Times, speeds and the boundary that curl draws; the names of headers come as they are sent, in busybox its own. */
function masked(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replace(/ +[\d.]+ ?[BKM]?=[\d.]+s/g, " RATE")
    .replace(/\([\d.]+ ?[KM]?B\/s\)/g, "(RATE)")
    .replace(/-{24}[0-9a-f]{16}/g, "BOUNDARY");
}

const host = serving();
for (const { line, stdout, stderr, status } of cases)
  test(line, () => {
    const words = wordsOf(line);
    const command = words[0] === "busybox" ? [`busybox-${words[1]}`, ...words.slice(2)] : words;
    const got = host.run(command, { cwd: "/task" });
    expect({ stdout: masked(got.stdout), stderr: masked(got.stderr), status: got.status }).toEqual({
      stdout: masked(stdout),
      stderr: masked(stderr),
      status,
    });
  });
