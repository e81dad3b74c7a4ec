import { fromBase64 } from "../../base/base64.ts";
import { goQuote } from "../../base/go-text.ts";
import { textOf } from "../../base/text-bytes.ts";
import { readRequest } from "../../base/x509/request.ts";
import type { Problem } from "../define.ts";
import { duplicate, forbidden, required, tooLong, unsupported, wrong } from "../problem.ts";
import type { CertificateSigningRequest } from "../types/certificates.ts";
import { dnsLabel, dnsSubdomain, type TextRule } from "./words.ts";

// kubernetes pkg/apis/certificates/validation, 1.35.

const usagesThere = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** The shortest life that may be asked for, in seconds. */
const shortest = 600;

/** What is wrong with a request for a certificate. */
export function requestProblems({ spec }: CertificateSigningRequest): readonly Problem[] {
  const problems: Problem[] = [];
  const { usages = [], signerName = "", expirationSeconds } = spec;
  const request = spec.request ?? "";
  const fault = requestFault(request);
  if (fault !== undefined) problems.push(wrong("spec.request", request, fault));
  if (usages.length === 0) problems.push(required("spec.usages"));
  for (const [index, usage] of usages.entries())
    if (!usagesThere.includes(usage)) problems.push(unsupported(`spec.usages[${index}]`, usage, usagesThere));
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) < index) problems.push(duplicate(`spec.usages[${index}]`, usage));
  if (signerName === "kubernetes.io/legacy-unknown") {
    const detail = "the legacy signerName is not allowed via this API version";
    problems.push(wrong("spec.signerName", signerName, detail));
  } else checkSignerName(signerName, problems);
  if (expirationSeconds !== undefined && expirationSeconds < shortest) {
    const detail = "may not specify a duration less than 600 seconds (10 minutes)";
    problems.push(wrong("spec.expirationSeconds", expirationSeconds, detail));
  }
  return problems;
}

function requestFault(request: string): string | undefined {
  const read = readRequest(textOf(fromBase64(request) ?? new Uint8Array()));
  if (read === undefined) return "PEM block type must be CERTIFICATE REQUEST";
  if (read === "malformed") return "asn1: structure error: tags don't match";
  return read.signatureFits ? undefined : "x509: signature check failed";
}

/** A domain and a path of at most 571 bytes: kubernetes.io/kubelet-serving (core validation ValidateSignerName, 1.35). */
function checkSignerName(name: string, problems: Problem[]): void {
  const path = "spec.signerName";
  if (name === "") {
    problems.push(required(path));
    return;
  }
  const [domain = "", ...segments] = name.split("/");
  if (segments.length !== 1) {
    const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    problems.push(wrong(path, name, detail));
    return;
  }
  if (domain.length > 253) problems.push(tooLong(path, 253));
  const labels = domain.split(".");
  checkParts(dnsLabel, labels, domain, path, problems);
  if (labels.length < 2)
    problems.push(wrong(path, domain, "should be a domain with at least two segments separated by dots"));
  const rest = segments[0] ?? "";
  checkParts(dnsSubdomain, rest.split("."), rest, path, problems);
  if (name.length > 571) problems.push(tooLong(path, 571));
}

/** Parts of a text by a rule; the first wrong one is told. */
function checkParts(rule: TextRule, parts: readonly string[], text: string, path: string, problems: Problem[]): void {
  const bad = parts.find((part) => rule(part).length > 0);
  if (bad === undefined) return;
  for (const detail of rule(bad)) problems.push(wrong(path, text, `validating label ${goQuote(bad)}: ${detail}`));
}

type Request = CertificateSigningRequest;

/** What is wrong with a decision on a request, or with what its signer says of it. */
export function decisionProblems(object: Request, old: Request, subresource: string): readonly Problem[] {
  const problems: Problem[] = [];
  const path = "status.conditions";
  const conditions = object.status?.conditions ?? [];
  const seen = new Set<string>();
  for (const [index, { type = "", status }] of conditions.entries()) {
    if (type === "") problems.push(required(`${path}[${index}].type`));
    const allowed = decisions.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (!status) problems.push(required(`${path}[${index}].status`));
    else if (!allowed.includes(status)) problems.push(unsupported(`${path}[${index}].status`, status, allowed));
    const contrary = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (contrary && seen.has(contrary))
      problems.push(wrong(`${path}[${index}].type`, type, "Approved and Denied conditions are mutually exclusive"));
    if (seen.has(type)) problems.push(duplicate(`${path}[${index}].type`, type));
    seen.add(type);
  }
  const before = new Set(old.status?.conditions?.map(({ type }) => type));
  for (const type of decisions)
    if (!seen.has(type) && before.has(type))
      problems.push(forbidden(path, `updates may not remove a condition of type "${type}"`));
  if (subresource === "status")
    for (const type of ["Approved", "Denied"])
      if (seen.has(type) && !before.has(type))
        problems.push(forbidden(path, `updates may not add a condition of type "${type}"`));
  const [next, had] = [object.status?.certificate, old.status?.certificate];
  if (next === had) return problems;
  if (subresource !== "status")
    problems.push(forbidden("status.certificate", "updates may not set certificate content"));
  else if (had) problems.push(forbidden("status.certificate", "updates may not modify existing certificate content"));
  return problems;
}

const decisions = ["Approved", "Denied", "Failed"];
