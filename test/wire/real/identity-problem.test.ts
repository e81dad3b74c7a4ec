import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { identityProblem } from "../../../src/wire/real/identity-problem.ts";

const openssl = spawnSync("openssl", ["version"]).status === 0;
if (!openssl) process.stdout.write("test/wire/real/identity-problem: no openssl on the PATH, skipped\n");

/** A certificate and key as clusters have them that were not made here. */
function pair(kind: readonly string[]): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "cka-lab-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, "crt"), join(folder, "key")];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", ...kind, "-nodes", "-keyout", key, "-out", cert, "-subj", "/CN=x"],
    {
      stdio: "ignore",
    },
  );
  return { certificate: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
}

test.skipIf(!openssl).each([
  ["RSA", ["rsa:2048"]],
  ["P-384", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]],
  ["Ed25519", ["ed25519"]],
])("a client certificate with a key of %s", (_name, kind) => {
  const { certificate, key } = pair(kind);
  const problem = (clientCertificate: string | undefined, clientKey: string | undefined, authority = certificate) =>
    identityProblem({ authority, clientCertificate, clientKey });
  expect(problem(certificate, key)).toBe("");
  expect(problem(undefined, undefined, "nothing")).toBe(
    "unable to load root certificates: unable to parse bytes as PEM block",
  );
  expect(problem(certificate, pair(kind).key)).toBe("tls: private key does not match public key");
  expect(problem("nothing", key)).toBe("tls: failed to find any PEM data in certificate input");
  expect(problem(certificate.replace(/\n.{20}/, "\n"), key)).toBe("x509: malformed certificate");
  expect(problem(certificate, certificate)).toBe("tls: failed to find any PEM data in key input");
  expect(problem(certificate, key.replace(/\n.{20}/, "\n"))).toBe("tls: failed to parse private key");
});
