import { base64Of, fromBase64 } from "../../base/base64.ts";
import { SECOND } from "../../base/clock.ts";
import { goQuote } from "../../base/go-text.ts";
import { bytesOf, textOf } from "../../base/text-bytes.ts";
import { keyToPem, newKey } from "../../base/x509/key.ts";
import { newRequest } from "../../base/x509/request.ts";
import { Status } from "../../kinds/status.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Task } from "../../machine/define.ts";
import { root } from "../../machine/define-files.ts";
import type { Process } from "../../machine/process.ts";
import { Unreachable } from "../apiserver/define.ts";
import { Connection } from "../connection.ts";
import { klog } from "../daemon/klog.ts";
import {
  bootstrapNames,
  KUBELET_CLIENT,
  KUBELET_PKI,
  kubeletClientFile,
  kubeletKubeconfig,
} from "../kubeadm/kubeconfig-file.ts";
import { ConfigFault, readClientConfig } from "../kubeconfig.ts";

const REQUESTS = "certificatesigningrequests.certificates.k8s.io";
const SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
/** How long the kubelet waits for an answer to one request (client-go util/certificate, certificateWaitTimeout). */
const WAIT = 900 * SECOND;

interface SigningRequest extends KubeObject {
  spec: { request: string; signerName: string; usages: string[] };
  status?: { certificate?: string; conditions?: { type: string; reason?: string; message?: string }[] };
}

/**
 * The kubelet's TLS bootstrap: where its kubeconfig has no credentials that can be used, it asks for a certificate with
 * those of another, usually a bootstrap token (kubelet/certificate/bootstrap, 1.35). Gives the words of what ends it.
 */
export function* bootstrapClient(proc: Process, kubeconfig: string, bootstrap: string): Task<string | undefined> {
  const { machine } = proc;
  const { files } = machine;
  if (files.find(kubeconfig, root)) {
    const problem = clientProblem(proc, kubeconfig);
    if (problem === undefined) return undefined;
    const read = `unable to read existing bootstrap client config from ${kubeconfig}: ${problem}`;
    yield* klog(proc, "E", "bootstrap.go:241", `"Unhandled Error" err=${goQuote(read)} logger="UnhandledError"`);
  }
  const fault = new Connection({ machine, kubeconfig: bootstrap, agent: "kubelet" }).configProblem();
  if (fault !== undefined) return `unable to load bootstrap kubeconfig: ${fault}`;
  const config = readClientConfig(files, bootstrap, root);
  const { certificateAuthority } = config;
  const authority = config.insecure
    ? "insecure-skip-tls-verify: true"
    : `certificate-authority-data: ${base64Of(bytesOf(certificateAuthority ?? ""))}`;
  const text = kubeletKubeconfig(config.server, authority, KUBELET_CLIENT, bootstrapNames, "default");
  files.write(kubeconfig, text, root, { mode: 0o600 });
  yield* klog(proc, "I", "server.go:940", '"Client rotation is on, will bootstrap in background"');
  const key = newKey(machine.kernel.random);
  const connection = new Connection({ machine, kubeconfig: bootstrap, agent: "kubelet" });
  let pause = 2;
  for (;;) {
    const answer = yield* certificateFor(
      proc,
      connection,
      newRequest(key, `system:node:${machine.name}`, "system:nodes"),
    );
    if ("certificate" in answer) {
      store(proc, answer.certificate + keyToPem(key));
      return undefined;
    }
    const said = `"Failed while requesting a signed certificate from the control plane" err=${goQuote(answer.failed)}`;
    yield* klog(proc, "E", "certificate_manager.go:596", `${said} logger="${SIGNER}.UnhandledError"`);
    yield* proc.wait({ on: [], until: machine.kernel.clock.now + pause * SECOND });
    pause = Math.min(pause * 2, 32);
  }
}

/** Why the credentials that a kubeconfig names cannot be used. */
function clientProblem(proc: Process, kubeconfig: string): string | undefined {
  const { machine } = proc;
  const { files } = machine;
  // A kubeconfig that nobody has touched counts only as long as its certificate is untouched, too.
  if (files.unmade(kubeconfig) && !files.unmade(KUBELET_CLIENT)) files.read(kubeconfig, root);
  return new Connection({ machine, kubeconfig, agent: "kubelet" }).configProblem();
}

type Answer = { readonly certificate: string } | { readonly failed: string };

/** Asks for one certificate and waits until it is issued, denied, or time is up. */
function* certificateFor(proc: Process, connection: Connection, request: string): Task<Answer> {
  const { clock } = proc.machine.kernel;
  let made: SigningRequest;
  try {
    made = connection.create<SigningRequest>({
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name: "", generateName: "csr-" },
      spec: { request: base64Of(bytesOf(request)), signerName: SIGNER, usages: ["digital signature", "client auth"] },
    });
  } catch (error) {
    return { failed: `cannot create certificate signing request: ${wordsOf(error, connection)}` };
  }
  const { name } = made.metadata;
  const end = clock.now + WAIT;
  while (clock.now < end) {
    yield* proc.wait({ on: [], until: clock.now + SECOND });
    const { certificate, conditions = [] } = statusOf(connection, name) ?? {};
    const refusal = conditions.find(({ type }) => type === "Denied" || type === "Failed");
    if (refusal) {
      const { type, reason = "", message = "" } = refusal;
      const how = `certificate signing request ${name} ${type === "Denied" ? "is denied" : "failed"}`;
      return { failed: `certificate request was not signed: ${how}, reason: ${reason}, message: ${message}` };
    }
    if (certificate) return { certificate: textOf(fromBase64(certificate) ?? new Uint8Array()) };
  }
  return { failed: "certificate request was not signed: timed out waiting for the condition" };
}

function statusOf(connection: Connection, name: string): SigningRequest["status"] {
  try {
    return connection.get<SigningRequest>(REQUESTS, undefined, name)?.status;
  } catch (error) {
    if (error instanceof Status || error instanceof Unreachable) return undefined;
    throw error;
  }
}

function wordsOf(error: unknown, connection: Connection): string {
  if (error instanceof Unreachable)
    return connection.words("/apis/certificates.k8s.io/v1/certificatesigningrequests", error, "Post");
  if (error instanceof Status || error instanceof ConfigFault) return error.message;
  throw error;
}

/** Every certificate has a file of its own; a link leads to the newest. */
function store({ machine: { files, kernel } }: Process, pem: string): void {
  const path = kubeletClientFile(kernel.clock.now);
  files.mkdir(KUBELET_PKI, root, { parents: true });
  files.write(path, pem, root, { mode: 0o600 });
  files.chmod(path, 0o600, root);
  if (files.find(KUBELET_CLIENT, root, { follow: false })) files.unlink(KUBELET_CLIENT, root);
  files.symlink(path, KUBELET_CLIENT, root);
}
