import { expect, test } from "vitest";
import { base64Of } from "../../../src/base/base64.ts";
import { SECOND } from "../../../src/base/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../src/base/http.ts";
import { bytesOf } from "../../../src/base/text-bytes.ts";
import { kubeconfigFile } from "../../../src/cluster/kubeadm/kubeconfig-file.ts";
import { Pki } from "../../../src/cluster/kubeadm/pki.ts";
import type { Network } from "../../../src/machine/define-network.ts";
import { resolvedTo, unresolved } from "../../../src/machine/resolved.ts";
import { idle, makeHost, makeKernel, START } from "../../machine/harness.ts";
import { kubectlHost } from "./setup.ts";

const DAY = 86_400 * SECOND;

interface Situation {
  /** When the server's certificate was made, in days before now. */
  readonly made?: number;
  readonly names?: readonly string[];
  readonly server?: string;
  readonly plain?: boolean;
  readonly change?: (kubeconfig: string) => string;
  readonly flags?: string;
  readonly dial?: "refused" | "timeout" | "unreachable";
}

function pki(seed: string, made: number, names: readonly string[] = ["kubernetes"]): Pki {
  const made_ = new Pki(seed, START - made * DAY);
  made_.certificateFile("server", {
    authority: "ca",
    subject: { commonName: "kube-apiserver" },
    usages: ["server"],
    dnsNames: names,
    addresses: [Uint8Array.of(10, 96, 0, 1), Uint8Array.of(10, 0, 0, 1)],
  });
  made_.certificateFile("admin", { authority: "ca", subject: { commonName: "kubernetes-admin" }, usages: ["client"] });
  return made_;
}

function asked(situation: Situation = {}) {
  const kernel = makeKernel();
  const own = pki("one", situation.made ?? 1, situation.names);
  const requests: HttpRequest[] = [];
  const http = (request: HttpRequest): HttpResponse => {
    requests.push(request);
    return { status: 200, headers: { "content-type": "text/plain" }, body: "ok" };
  };
  const server = makeHost({ kernel, name: "cp", addresses: ["10.0.0.1"] });
  const listener = {
    proc: server.start(idle).proc,
    address: "10.0.0.1",
    port: 6443,
    protocol: "TCP" as const,
    http,
    ...(situation.plain ? {} : { tls: { certificate: () => own.certificate("server") } }),
  };
  const network: Network = {
    resolve: (_from, name) => {
      if (/^[\d.]+$/.test(name)) return resolvedTo(name, name);
      if (name === "localhost") return resolvedTo(name, "127.0.0.1");
      if (name === "cp") return resolvedTo(name, "10.0.0.1");
      return unresolved("no such name");
    },
    echo: () => ({ failed: "unreachable", because: "test" }),
    dial: (_from, address, port) => {
      if (situation.dial) return { failed: situation.dial, because: "test" };
      return port === 6443 ? { listener, address, source: "10.0.0.9" } : { failed: "refused", because: "closed" };
    },
  };
  const host = kubectlHost({ kernel, network });
  const text = kubeconfigFile(own, "admin", "kubernetes-admin", situation.server ?? "https://10.0.0.1:6443")();
  host.write("~/.kube/config", situation.change?.(text) ?? text);
  const began = kernel.clock.now;
  const ended = host.kubectl(`get --raw /healthz${situation.flags ?? ""}`);
  return { ...ended, requests, seconds: (kernel.clock.now - began) / SECOND, own };
}

const otherAuthority = (kubeconfig: string) =>
  kubeconfig.replace(/(authority-data: ).*/, `$1${base64Of(bytesOf(pki("two", 1).authority("ca")))}`);

const unknown =
  'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "kubernetes")';
const failedToVerify = "Unable to connect to the server: tls: failed to verify certificate: ";

test("the certificate of the kubeconfig is shown to a server whose own one is right", () => {
  const { stdout, stderr, status, requests, own } = asked();
  expect({ stdout, stderr, status }).toEqual({ stdout: "ok", stderr: "", status: 0 });
  expect(requests[0]).toMatchObject({ method: "GET", path: "/healthz", clientCertificate: own.certificate("admin") });
});

/** Words of Go's x509, tls and net packages; the texts without a certificate are those of kubectl 1.33.1. */
const faults: readonly (readonly [name: string, situation: Situation, stderr: string])[] = [
  ["another authority", { change: otherAuthority }, `${failedToVerify}${unknown}\n`],
  [
    "no authority",
    { change: (text) => text.replace(/ +certificate-authority-data.*\n/, "") },
    `${failedToVerify}x509: certificate signed by unknown authority\n`,
  ],
  [
    "expired",
    { made: 400 },
    `${failedToVerify}x509: certificate has expired or is not yet valid: current time 2026-03-01T10:00:00Z is after 2026-01-25T10:00:00Z\n`,
  ],
  [
    "not yet valid",
    { made: -2 },
    `${failedToVerify}x509: certificate has expired or is not yet valid: current time 2026-03-01T10:00:00Z is before 2026-03-03T10:00:00Z\n`,
  ],
  [
    "another address",
    { server: "https://10.0.0.2:6443" },
    `${failedToVerify}x509: certificate is valid for 10.96.0.1, 10.0.0.1, not 10.0.0.2\n`,
  ],
  [
    "another name",
    { server: "https://cp:6443" },
    `${failedToVerify}x509: certificate is valid for kubernetes, not cp\n`,
  ],
  [
    "no such host",
    { server: "https://nosuch:6443" },
    "Unable to connect to the server: dial tcp: lookup nosuch on 192.168.56.1:53: no such host\n",
  ],
  [
    "another port",
    { server: "https://10.0.0.1:6444" },
    "The connection to the server 10.0.0.1:6444 was refused - did you specify the right host or port?\n",
  ],
  ["nobody answers", { dial: "timeout" }, "Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout\n"],
  [
    "no way there",
    { dial: "unreachable" },
    "Unable to connect to the server: dial tcp 10.0.0.1:6443: connect: no route to host\n",
  ],
  [
    "no TLS there",
    { plain: true },
    "Unable to connect to the server: http: server gave HTTP response to HTTPS client\n",
  ],
  [
    "broken base64",
    { change: (text) => text.replace(/client-certificate-data: .*/, 'client-certificate-data: "!!!!"') },
    'error: error loading config file "/home/candidate/.kube/config": illegal base64 data at input byte 0\n',
  ],
  [
    "no certificate inside",
    { change: (text) => text.replace(/client-certificate-data: .*/, "client-certificate-data: QUJD") },
    "error: tls: failed to find any PEM data in certificate input\n",
  ],
  [
    "another key",
    {
      change: (text) =>
        text.replace(/client-key-data: .*/, `client-key-data: ${base64Of(bytesOf(pki("two", 1).keyFile("x")()))}`),
    },
    "error: tls: private key does not match public key\n",
  ],
  [
    "no context",
    { change: (text) => text.replace("current-context: kubernetes-admin@kubernetes", "current-context: nope") },
    "Error in configuration: context was not found for specified context: nope\n",
  ],
  [
    "nothing configured",
    { change: () => "" },
    "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n",
  ],
];

test.each(faults)("%s", (_name, situation, stderr) => {
  const { stderr: said, status } = asked(situation);
  expect({ said, status }).toEqual({ said: stderr, status: 1 });
});

test("--insecure-skip-tls-verify asks no questions", () => {
  const change = (text: string) => text.replace(/ +certificate-authority-data.*\n/, "");
  expect(asked({ made: 400, change, flags: " --insecure-skip-tls-verify" }).stdout).toBe("ok");
});

test("a dialer gives up after thirty seconds", () => {
  expect(asked({ dial: "timeout" }).seconds).toBe(30);
});
