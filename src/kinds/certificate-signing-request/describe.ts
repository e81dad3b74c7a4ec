import { fromBase64 } from "../../base/base64.ts";
import { SECOND } from "../../base/clock.ts";
import { humanDuration } from "../../base/human-duration.ts";
import { textOf } from "../../base/text-bytes.ts";
import { addressText, type CertificateRequest, readRequest } from "../../base/x509/request.ts";
import type { DescribeOptions, Describing } from "../define.ts";
import { writeEvents } from "../describe/events.ts";
import { labelsOrNone } from "../describe/labels.ts";
import { eventsOf } from "../describe/related.ts";
import { dateText } from "../describe/times.ts";
import { Writer } from "../describe/writer.ts";
import type { CertificateSigningRequest } from "../types/certificates.ts";
import { decisionText } from "./decision.ts";

/** The text of `kubectl describe certificatesigningrequest`. */
export function* describeCertificateSigningRequest(
  object: CertificateSigningRequest,
  options: DescribeOptions,
): Describing {
  const { metadata, spec } = object;
  const request = readRequest(textOf(fromBase64(spec.request ?? "") ?? new Uint8Array()));
  if (!request || request === "malformed")
    throw new Error(
      `Error parsing CSR: ${request ? "asn1: structure error" : "PEM block type must be CERTIFICATE REQUEST"}`,
    );
  const events = yield* eventsOf(object, options);
  const w = new Writer();
  w.field(0, "Name", metadata.name);
  w.field(0, "Labels", labelsOrNone(metadata.labels));
  w.field(0, "Annotations", labelsOrNone(metadata.annotations));
  w.field(0, "CreationTimestamp", dateText(metadata.creationTimestamp));
  w.field(0, "Requesting User", spec.username ?? "");
  if (spec.signerName) w.field(0, "Signer", spec.signerName);
  if (spec.expirationSeconds !== undefined)
    w.field(0, "Requested Duration", humanDuration(spec.expirationSeconds * SECOND));
  w.field(0, "Status", decisionText(object));
  writeRequest(w, request);
  writeEvents(w, events, options.now);
  return w.text();
}

function writeRequest(w: Writer, { subject, dnsNames, emails, uris, addresses }: CertificateRequest): void {
  w.line(0, "Subject:");
  w.line(0, `\tCommon Name:\t${subject.commonName}`);
  w.line(0, `\tSerial Number:\t${subject.serialNumber}`);
  writeList(w, "Organization", subject.organizations);
  writeList(w, "Organizational Unit", subject.organizationalUnits);
  writeList(w, "Country", subject.countries);
  writeList(w, "Locality", subject.localities);
  writeList(w, "Province", subject.provinces);
  writeList(w, "StreetAddress", subject.streets);
  writeList(w, "PostalCode", subject.postalCodes);
  if (dnsNames.length + emails.length + uris.length + addresses.length === 0) return;
  w.line(0, "Subject Alternative Names:");
  writeList(w, "DNS Names", dnsNames);
  writeList(w, "Email Addresses", emails);
  writeList(w, "URIs", uris);
  writeList(w, "IP Addresses", addresses.map(addressText));
}

function writeList(w: Writer, title: string, values: readonly string[]): void {
  if (values.length > 0) w.line(0, `\t${title}:\t${values.join("\n\t\t")}`);
}
