import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Clock } from "../../../src/base/clock.ts";
import { Random } from "../../../src/base/random.ts";
import { root } from "../../../src/machine/define-files.ts";
import { Kernel } from "../../../src/machine/kernel.ts";
import { openssl } from "../../../src/programs/admin/openssl/openssl.ts";
import { type Host, makeHost } from "../../machine/harness.ts";
import "../../../src/lab/native-primes.ts";

interface Case {
  line: string;
  argv: string[];
  /** Seconds since 1970. */
  at: number;
  status: number;
  stdout: string;
  stderr: string;
  /** The file that was its stdin, or what was typed. */
  stdin?: string;
  typed?: string;
  /** The files that it made. */
  made?: string[];
}

/** Recorded with OpenSSL 3.0.19 of Debian 12; the first line holds the files that were there. */
const [first = "", ...rest] = readFileSync("test/corpus/openssl.jsonl", "utf8").trim().split("\n");
const { files } = JSON.parse(first) as { files: Record<string, string> };
const cases = rest.map((line) => JSON.parse(line) as Case);

/** What is not simulated and says so, and what no two runs have in common. */
const unlike = /^x509 .*-(hash|purpose) |^x509 -help/;
const chance = /^(gen\w+|ecparam -genkey|req -new -newkey|rand|x509 -req .* -CAkey jane.key$|req -x509 -newkey)/;

function host(at: number): Host {
  const made = makeHost({ kernel: new Kernel(new Clock(at * 1e6), new Random("openssl")), programs: [openssl] });
  made.files.mkdir("/task", root);
  for (const [name, text] of Object.entries(files)) made.files.write(`/task/${name}`, text, root);
  return made;
}

/** The number of the thread and the progress of a search differ from run to run. */
const masked = (text: string) => text.replace(/^(XX|[0-9A-F]{16}):/gm, "XX:").replace(/^[.+*]{60,}\n/gm, "");

describe("as recorded", () => {
  it.each(cases.filter(({ line }) => !unlike.test(line)).map((one) => [one.line, one] as const))("%s", (line, one) => {
    const on = host(one.at);
    const stdin = one.stdin === undefined ? (one.typed ?? "") : (files[one.stdin] ?? "");
    const got = on.run(["openssl", ...one.argv], { cwd: "/task", stdin });
    expect(masked(got.stderr)).toBe(masked(one.stderr));
    expect(got.status).toBe(one.status);
    if (!chance.test(line)) expect(got.stdout).toBe(one.stdout);
    expect(
      on.files
        .list("/task", root)
        .filter((name) => !(name in files))
        .sort(),
    ).toEqual(one.made ?? []);
  });
});

/** Node reads keys and certificates with OpenSSL itself. */
describe("what it makes is what OpenSSL reads", () => {
  const on = host(1_772_359_200);
  const run = (line: string) => on.run(["openssl", ...line.split(" ")], { cwd: "/task" });
  const text = (name: string) => on.files.read(`/task/${name}`, root);

  it.each([
    ["genrsa -out new.key", "rsa"],
    ["genrsa -traditional -out new.key 1024", "rsa"],
    ["genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out new.key", "rsa"],
    ["genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new.key", "ec"],
    ["ecparam -genkey -name prime256v1 -noout -out new.key", "ec"],
    ["req -new -newkey rsa:2048 -nodes -keyout new.key -subj /CN=x -out x.csr", "rsa"],
  ])("%s", (line, type) => {
    expect(run(line).status).toBe(0);
    const key = createPrivateKey(text("new.key"));
    expect(key.asymmetricKeyType).toBe(type);
    expect(on.files.stat("/task/new.key", root).mode & 0o777).toBe(0o600);
    expect(run("pkey -in new.key -check -noout").stdout).toBe("Key is valid\n");
    expect(run("pkey -in new.key -pubout").stdout).toBe(createPublicKey(key).export({ type: "spki", format: "pem" }));
    expect(run("req -x509 -new -key new.key -subj /CN=x -days 9 -out x.crt").status).toBe(0);
    const certificate = new X509Certificate(text("x.crt"));
    expect(certificate.verify(createPublicKey(key)) && certificate.checkPrivateKey(key)).toBe(true);
  });

  it("the same seed makes the same key", () => {
    const make = () => host(1_772_359_200).run(["openssl", "genrsa"]).stdout;
    expect(make()).toBe(make());
  });

  it.each([
    ["ca", "openssl: ca is not simulated\n"],
    ["genpkey -algorithm EC -aes256", "openssl: a key with a pass phrase (-aes256) is not simulated\n"],
    ["genrsa -aes256", "openssl: a key with a pass phrase (-aes256) is not simulated\n"],
    [
      "req -newkey rsa:2048 -subj /CN=x",
      "openssl: a key with a pass phrase (give -nodes, or an existing key with -key) is not simulated\n",
    ],
    ["x509 -in ca.crt -outform der", "openssl: -outform der is not simulated\n"],
    ["ecparam -genkey -name secp384r1", "openssl: the curve secp384r1 (prime256v1 is) is not simulated\n"],
  ])("%s says that it is not simulated", (line, words) => {
    expect(run(line)).toEqual({ status: 1, stdout: "", stderr: words });
  });
});
