import { SECOND } from "../../../../base/clock.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { readCertificate } from "../../../../base/x509/certificate.ts";
import { certificateProblem } from "../../../../base/x509/certificate-problem.ts";
import type { ConfigMap, EndpointSlice, Secret, Service } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { Ingress, IngressClass } from "../../../../kinds/types/network.ts";
import type { Process } from "../../../../machine/process.ts";
import type { Change } from "../../../apiserver/define.ts";
import type { Connection } from "../../../connection.ts";
import { Informer } from "../../../daemon/informer.ts";
import { klogLine } from "../../../daemon/klog.ts";
import { pkiAt } from "../../../daemon/serving-tls.ts";
import { certificateOf, type ServedCertificate } from "../../../network/http/served-certificates.ts";
import { slicesByService } from "../../../network/http/service-endpoints.ts";
import { passwordsOf } from "./access.ts";
import type { Facts, Taken } from "./configuration.ts";
import { type Globals, globalsOf } from "./globals.ts";
import { classOf } from "./ingress-class.ts";
import type { Options } from "./options.ts";
import { readAnnotations } from "./settings.ts";

const SLICES = "endpointslices.discovery.k8s.io";
/** A certificate that is good for less than this is worth a warning. */
const SOON = 240 * 3600 * SECOND;

/** What the controller knows of the cluster, by its own account (internal/ingress/controller/store, 1.13). */
export class Store {
  private readonly proc: Process;
  private readonly api: Connection;
  private readonly options: Options;
  private readonly changed: () => void;
  private readonly classes: Informer<IngressClass>;
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly secrets: Informer<Secret>;
  private readonly configMaps: Informer<ConfigMap>;
  private readonly seen = new Map<string, Ingress>();
  private readonly taken = new Map<string, Taken>();
  /** Those that were known when the connection was lost and have not been seen since. */
  private stale = new Set<string>();
  private globalsFrom: { readonly map: ConfigMap | undefined; readonly globals: Globals } | undefined;

  constructor(proc: Process, api: Connection, options: Options, changed: () => void) {
    this.proc = proc;
    this.api = api;
    this.options = options;
    this.changed = changed;
    this.classes = new Informer(api, "ingressclasses.networking.k8s.io", changed);
    this.services = new Informer(api, "services", changed);
    this.slices = new Informer(api, SLICES, changed);
    this.secrets = new Informer(api, "secrets", () => {
      if (this.certificates.size > 0 || this.taken.size > 0) this.secretsChanged();
    });
    this.configMaps = new Informer(api, "configmaps", () => {
      if (this.globalsFrom && this.globalsFrom.map !== this.configMap()) changed();
    });
    this.announce(this.configMap());
    api.watch<Ingress>("ingresses.networking.k8s.io", (change) => this.heard(change), {
      onReset: () => {
        this.stale = new Set(this.seen.keys());
      },
    });
  }

  log(level: "I" | "W" | "E", source: string, text: string): void {
    this.proc.fds.get(2)?.write?.(klogLine(this.proc, level, source, text));
  }

  /** Records an event, and says so in the log. */
  event(about: KubeObject, reason: string, message: string, type: "Normal" | "Warning" = "Normal"): void {
    const { namespace = "", name, uid, resourceVersion } = about.metadata;
    const reference = `Kind:"${about.kind}", Namespace:"${namespace}", Name:"${name}", UID:"${uid}", APIVersion:"${about.apiVersion}", ResourceVersion:"${resourceVersion}", FieldPath:""`;
    const text = `Event(v1.ObjectReference{${reference}}): type: '${type}' reason: '${reason}' ${message}`;
    this.log("I", "event.go:377", text);
    this.api.event(about, { type, reason, message });
  }

  private announce(map: ConfigMap | undefined): void {
    if (map) this.event(map, "CREATE", `ConfigMap ${map.metadata.namespace}/${map.metadata.name}`);
  }

  private configMap(): ConfigMap | undefined {
    const [namespace = "", name = ""] = (this.options.configMap ?? "").split("/");
    return this.configMaps.get(namespace, name);
  }

  get globals(): Globals {
    const map = this.configMap();
    if (this.globalsFrom && this.globalsFrom.map === map) return this.globalsFrom.globals;
    const globals = globalsOf(map);
    for (const key of globals.unheeded)
      this.log("W", "configmap.go:1", `the setting ${key} is not simulated: it has no effect`);
    this.globalsFrom = { map, globals };
    return globals;
  }

  /** The class by which an Ingress is this controller's; an Error says why it is not. */
  classOf(ingress: Ingress): string | Error {
    return classOf(ingress, (name) => this.classes.get(undefined, name), this.options);
  }

  private heard({ type, object }: Change<Ingress>): void {
    const { namespace, name } = object.metadata;
    if (this.options.namespace !== undefined && namespace !== this.options.namespace) return;
    const key = `${namespace}/${name}`;
    const known = this.seen.get(key);
    this.stale.delete(key);
    if (type === "DELETED") {
      this.seen.delete(key);
      this.drop(key);
      return;
    }
    this.seen.set(key, object);
    if (known?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    const now = this.classOf(object);
    const before = known ? this.classOf(known) : undefined;
    const at = `ingress="${key}"`;
    if (typeof now !== "string") {
      if (typeof before === "string") {
        this.log("I", "store.go:494", `"removing ingress because of unknown ingressclass" ${at}`);
        this.drop(key);
      } else if (!known) {
        const words = '"Ignoring ingress because of error while validating ingress class"';
        this.log("E", "store.go:434", `${words} ${at} error=${JSON.stringify(now.message)}`);
      }
      return;
    }
    if (!known) this.log("I", "store.go:440", `"Found valid IngressClass" ${at} ingressclass="${now}"`);
    else if (typeof before !== "string")
      this.log("I", "store.go:488", `"creating ingress" ${at} ingressclass="${now}"`);
    this.event(object, "Sync", "Scheduled for sync");
    this.take(key, object);
    this.changed();
  }

  /** Reads the annotations; where these are refused, what was known before stays. */
  private take(key: string, ingress: Ingress): void {
    const read = readAnnotations(ingress, this.globals);
    for (const text of read.warnings) this.log("W", "validators.go:243", text);
    if ("refused" in read) {
      this.log(
        "E",
        "annotations.go:198",
        `"ingress contains invalid annotation value" err=${JSON.stringify(read.refused)}`,
      );
      this.log("E", "store.go:941", read.refused);
      return;
    }
    const { settings } = read;
    if (settings.denied !== undefined)
      this.log("E", "annotations.go:216", `error reading annotations in Ingress ${key}: ${settings.denied}`);
    const passwords = passwordsOf({ settings, from: ingress }, (secret) => this.secret(secret));
    if (passwords && "denied" in passwords)
      this.log(
        "E",
        "annotations.go:216",
        `error reading BasicDigestAuth annotation in Ingress ${key}: ${passwords.denied}`,
      );
    this.taken.set(key, { ingress, settings });
  }

  private drop(key: string): void {
    if (this.taken.delete(key)) this.changed();
  }

  /** The Ingresses that are this controller's, the oldest first. */
  ingresses(): readonly Taken[] {
    for (const key of this.stale) {
      this.seen.delete(key);
      this.taken.delete(key);
    }
    this.stale.clear();
    const age = ({ ingress: { metadata } }: Taken) =>
      `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
    return [...this.taken.values()].sort((a, b) => (age(a) < age(b) ? -1 : 1));
  }

  secret(key: string): Secret | undefined {
    const [namespace = "", name = ""] = key.split("/");
    return this.secrets.get(namespace, name);
  }

  service(key: string): Service | undefined {
    const [namespace = "", name = ""] = key.split("/");
    return this.services.get(namespace, name);
  }

  /** What the configuration is worked out from; `taken` may be others than those there are. */
  facts(taken: readonly Taken[] = this.ingresses()): Facts {
    const slices = slicesByService(this.slices.all);
    const { now } = this.proc.machine.kernel.clock;
    return {
      taken,
      noExternalNames: this.options.noExternalNames,
      service: (key) => this.service(key),
      slices: (key) => slices.get(key) ?? [],
      certificate: (key) => this.certificate(key),
      nameProblem({ certificate }, host) {
        const from = readCertificate(certificate)?.notBefore ?? now;
        const problem = certificateProblem(certificate, certificate, host, from);
        return problem && /is valid for|not valid for any names|cannot validate/.test(problem) ? problem : undefined;
      },
      isSubject: ({ certificate }, host) => readCertificate(certificate)?.subject.commonName === host,
      expiry({ certificate }, host) {
        const end = readCertificate(certificate)?.notAfter ?? now;
        if (end - now > SOON) return undefined;
        const time = `${rfc3339(end).replace("T", " ").replace("Z", "")} +0000 UTC`;
        return `SSL certificate for server "${host}" ${end < now ? "expired" : "is about to expire"} (${time})`;
      },
    };
  }

  /** Secrets that were looked at. */
  private readonly certificates = new Map<
    string,
    { readonly secret: Secret | undefined; readonly served: ServedCertificate | undefined }
  >();

  private secretsChanged(): void {
    const usual = this.options.defaultCertificate;
    const named = new Set([...this.taken.values()].flatMap((one) => secretsOf(one)));
    if (usual !== undefined) named.add(usual);
    for (const key of named)
      if (this.secret(key) !== this.certificates.get(key)?.secret) {
        this.changed();
        return;
      }
  }

  certificate(key: string): ServedCertificate | undefined {
    const secret = this.secret(key);
    const known = this.certificates.get(key);
    if (known && known.secret === secret) return known.served;
    const found = secret && certificateOf(secret, pkiAt(this.proc));
    let served: ServedCertificate | undefined;
    if (found && "certificate" in found) {
      served = found;
      const words = known?.secret ? "Updating secret in local store" : "Adding secret to local store";
      this.log("I", "backend_ssl.go:67", `"${words}" name="${key}"`);
    } else if (found) {
      const why = found.missing[0]
        ? `key '${found.missing[0]}' missing from Secret "${key}"`
        : `unexpected error creating SSL Cert: ${found.problem}`;
      this.log("W", "backend_ssl.go:49", `Error obtaining X.509 certificate: ${why}`);
    }
    this.certificates.set(key, { secret, served });
    return served;
  }
}

function secretsOf({ ingress: { metadata, spec }, settings }: Taken): readonly string[] {
  const auth = settings.text("auth-secret");
  return [
    ...(spec?.tls ?? []).flatMap(({ secretName }) => (secretName ? [`${metadata.namespace}/${secretName}`] : [])),
    ...(auth === undefined ? [] : [auth.includes("/") ? auth : `${metadata.namespace}/${auth}`]),
  ];
}
