import { base64Of, fromBase64 } from "../../../../base/base64.ts";
import { SECOND } from "../../../../base/clock.ts";
import { bytesOf, textOf } from "../../../../base/text-bytes.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { issueCertificate } from "../../../../base/x509/certificate.ts";
import { keyToPem, newKey } from "../../../../base/x509/key.ts";
import { Status } from "../../../../kinds/status.ts";
import type { FailurePolicy, WebhookConfiguration } from "../../../../kinds/types/admission.ts";
import type { Secret } from "../../../../kinds/types/core.ts";
import type { Program, Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { Unreachable } from "../../../apiserver/define.ts";
import { Connection } from "../../../connection.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";
import { klog } from "../../../daemon/klog.ts";

const known: ReadonlySet<string> = new Set([
  "ca-name",
  "cert-name",
  "host",
  "key-name",
  "kubeconfig",
  "log-format",
  "log-level",
  "namespace",
  "patch-failure-policy",
  "patch-mutating",
  "patch-validating",
  "secret-name",
  "webhook-name",
]);

const HOUR = 3600 * SECOND;
const CENTURY = 100 * 365 * 24 * HOUR;
const CONFIGURATIONS = "validatingwebhookconfigurations.admissionregistration.k8s.io";

/** A line of its log; the keys in alphabetical order (logrus). */
function* say(proc: Process, level: "info" | "fatal", msg: string, source: string, err?: string): Task {
  const time = rfc3339(proc.machine.kernel.clock.now);
  const line = { ...(err === undefined ? {} : { err }), level, msg, source, time };
  yield* proc.write(2, `${JSON.stringify(line)}\n`);
}

/** kube-webhook-certgen: makes the certificate of an admission webhook, and tells the API server whom to trust (1.6). */
function* run(proc: Process, argv: readonly string[]): Task<number> {
  const [command, ...rest] = argv;
  const parsed = parseFlags(rest, known);
  if ((command !== "create" && command !== "patch") || "error" in parsed) {
    const why = "error" in parsed ? parsed.error : `unknown command "${command ?? ""}" for "kube-webhook-certgen"`;
    yield* proc.write(2, `Error: ${why}\n`);
    return 1;
  }
  const words = "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.";
  yield* klog(proc, "W", "client_config.go:667", words);
  const api = new Connection({ machine: proc.machine, agent: "kube-webhook-certgen" });
  try {
    return yield* command === "create" ? create(proc, api, parsed.flags) : patch(proc, api, parsed.flags);
  } catch (error) {
    if (!(error instanceof Status || error instanceof Unreachable)) throw error;
    yield* say(proc, "fatal", "error in API request", "k8s/k8s.go:232", error.message);
    return 1;
  } finally {
    api.close();
  }
}

function* create(proc: Process, api: Connection, flags: Flags): Task<number> {
  const { namespace = "", host = "" } = flags;
  const name = flags["secret-name"] ?? "";
  if (api.get<Secret>("secrets", namespace, name)) {
    yield* say(proc, "info", "secret already exists", "cmd/create.go:40");
    return 0;
  }
  yield* say(proc, "info", "no secret found", "k8s/k8s.go:229", `secrets "${name}" not found`);
  yield* say(proc, "info", "creating new secret", "cmd/create.go:28");
  const made = certificates(proc, host.split(","));
  const encoded = (text: string) => base64Of(bytesOf(text));
  api.create<Secret>({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    data: {
      [flags["ca-name"] ?? "ca"]: encoded(made.authority),
      [flags["cert-name"] ?? "cert"]: encoded(made.certificate),
      [flags["key-name"] ?? "key"]: encoded(made.key),
    },
  });
  return 0;
}

function certificates({ machine }: Process, dnsNames: readonly string[]) {
  const { random, clock } = machine.kernel;
  const validity = { notBefore: clock.now - HOUR, notAfter: clock.now + CENTURY };
  const [authorityKey, key] = [newKey(random), newKey(random)];
  const subject = { commonName: "", organizations: ["nil1"] };
  const issuer = { subject, key: authorityKey };
  const authority = { ...validity, subject, publicKey: authorityKey.publicKey, issuer, authority: true };
  const leaf = {
    ...validity,
    subject: { commonName: "", organizations: ["nil2"] },
    publicKey: key.publicKey,
    issuer,
    usages: ["server"] as const,
    dnsNames,
  };
  return {
    authority: issueCertificate(authority, random),
    certificate: issueCertificate(leaf, random),
    key: keyToPem(key),
  };
}

function* patch(proc: Process, api: Connection, flags: Flags): Task<number> {
  const { namespace = "" } = flags;
  const [secretName, webhook] = [flags["secret-name"] ?? "", flags["webhook-name"] ?? ""];
  const failurePolicy = flags["patch-failure-policy"] as FailurePolicy | undefined;
  const secret = api.get<Secret>("secrets", namespace, secretName);
  const bundle = secret?.data?.[flags["ca-name"] ?? "ca"];
  if (!bundle || textOf(fromBase64(bundle) ?? new Uint8Array()) === "") {
    yield* say(proc, "fatal", `no secret with '${secretName}' in '${namespace}'`, "cmd/patch.go:150");
    return 1;
  }
  const what = `mutating=${flags["patch-mutating"] !== "false"}, validating=${flags["patch-validating"] !== "false"}, failurePolicy=${failurePolicy ?? ""}`;
  yield* say(proc, "info", `patching webhook configurations '${webhook}' ${what}`, "k8s/k8s.go:118");
  if (flags["patch-validating"] !== "false") {
    const found = api.get<WebhookConfiguration>(CONFIGURATIONS, undefined, webhook);
    if (!found) {
      const err = `${CONFIGURATIONS} "${webhook}" not found`;
      yield* say(proc, "fatal", "failed getting validating webhook", "k8s/k8s.go:167", err);
      return 1;
    }
    const webhooks = (found.webhooks ?? []).map((one) => ({
      ...one,
      clientConfig: { ...one.clientConfig, caBundle: bundle },
      ...(failurePolicy ? { failurePolicy } : {}),
    }));
    api.update<WebhookConfiguration>({ ...found, webhooks });
  }
  yield* say(proc, "info", "Patched hook(s)", "k8s/k8s.go:138");
  return 0;
}

export const certgen: Program = { name: "kube-webhook-certgen", folder: "/", run };
