import { SECOND } from "../../../../base/clock.ts";
import { Random } from "../../../../base/random.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { issueCertificate } from "../../../../base/x509/certificate.ts";
import { newKey } from "../../../../base/x509/key.ts";
import { Errno } from "../../../../machine/define.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Listener } from "../../../../machine/define-network.ts";
import type { Process } from "../../../../machine/process.ts";
import { byHost } from "../../../network/http/match.ts";
import { plainOnTls } from "../../../network/http/nginx-pages.ts";
import { readyEndpoints } from "../../../network/http/service-endpoints.ts";
import { untilStopped } from "../until-stopped.ts";
import { answer, type Site } from "./answer.ts";
import { type Configuration, configurationOf, shapeOf } from "./configuration.ts";
import { patternFault } from "./locations.ts";
import { nginxConf } from "./nginx-conf.ts";
import type { Options } from "./options.ts";
import type { Store } from "./store.ts";

const YEAR = 365 * 24 * 3600 * SECOND;
const MASTER = ["nginx: master process", "/usr/bin/nginx", "-c", "/etc/nginx/nginx.conf"];

/** nginx under the controller: a process of its own that has the ports and serves by what the controller told it last. */
export class Nginx {
  private readonly proc: Process;
  private readonly store: Store;
  private readonly options: Options;
  private configuration: Configuration = { servers: new Map(), backends: new Map(), warnings: [] };
  private shape = "";
  private master: Process | undefined;
  private synced = false;
  private requests = 0;

  constructor(proc: Process, store: Store, options: Options) {
    this.proc = proc;
    this.store = store;
    this.options = options;
    this.configuration = configurationOf({ ...store.facts([]), taken: [] });
  }

  /** It runs, and knows where to pass requests to. */
  get isWell(): boolean {
    return this.synced && this.master?.state === "running";
  }

  start(): void {
    this.master = this.proc.spawn({
      argv: MASTER,
      group: "new",
      body: function* body(own) {
        yield* untilStopped(own, ["TERM", "QUIT", "INT"]);
        return 0;
      },
    });
    this.listen(this.master, this.options.http, "http");
    this.listen(this.master, this.options.https, "https");
  }

  stop(): void {
    this.master?.signal("QUIT");
  }

  /** Looks at the cluster, and tells nginx what is new; says whether that made it load its configuration again, or why it did not. */
  sync(): boolean | string {
    const next = configurationOf(this.store.facts());
    for (const text of next.warnings) this.store.log("W", sourceOf(text), text);
    const shape = `${shapeOf(next)} ${JSON.stringify(this.store.globals)}`;
    const reload = shape !== this.shape;
    if (reload) this.store.log("I", "controller.go:214", '"Configuration changes detected, backend reload required"');
    const fault = reload ? patternFault(next.servers.values()) : undefined;
    if (fault !== undefined) return this.refused(fault);
    this.configuration = next;
    this.shape = shape;
    if (!reload) return false;
    this.write(nginxConf(next, this.store.globals));
    this.store.log("I", "controller.go:228", '"Backend successfully reloaded"');
    if (!this.synced) this.store.log("I", "controller.go:240", '"Initial sync, sleeping for 1 second"');
    this.synced = true;
    return true;
  }

  /** nginx does not take a configuration: it goes on with the one before. */
  private refused(fault: string): string {
    const line = "-".repeat(79);
    const t = rfc3339(this.proc.machine.kernel.clock.now).replaceAll("-", "/").replace("T", " ").replace("Z", "");
    const file = "/tmp/nginx/nginx-cfg1";
    const text = `\n${line}\nError: exit status 1\n${t} [emerg] ${this.proc.pid}#${this.proc.pid}: ${fault} in ${file}\nnginx: [emerg] ${fault} in ${file}\nnginx: configuration file ${file} test failed\n\n${line}\n`;
    this.store.log("E", "controller.go:220", `Unexpected failure reloading the backend:\n${text}`);
    return `Error reloading NGINX: ${text}`;
  }

  private write(text: string): void {
    const { files } = this.proc.machine;
    files.mkdir("/etc/nginx", root, { parents: true });
    files.write("/etc/nginx/nginx.conf", text, root);
  }

  /** What the metrics page tells. */
  metrics(): string {
    const labels = `{controller_class="${this.options.controller}",controller_namespace="${this.proc.env.get("POD_NAMESPACE") ?? ""}",controller_pod="${this.proc.env.get("POD_NAME") ?? ""}"}`;
    return (
      "# HELP nginx_ingress_controller_config_last_reload_successful Whether the last configuration reload attempt was successful\n" +
      "# TYPE nginx_ingress_controller_config_last_reload_successful gauge\n" +
      `nginx_ingress_controller_config_last_reload_successful${labels} ${this.synced ? 1 : 0}\n` +
      "# HELP nginx_ingress_controller_nginx_process_requests_total total number of client requests\n" +
      "# TYPE nginx_ingress_controller_nginx_process_requests_total counter\n" +
      `nginx_ingress_controller_nginx_process_requests_total${labels} ${this.requests}\n`
    );
  }

  private listen(master: Process, port: number, scheme: "http" | "https"): void {
    const site = this.siteOf(master);
    const tls: Pick<Listener, "tls"> =
      scheme === "https"
        ? {
            tls: {
              certificate: (name) => this.certificate(name),
              asksCertificate: false,
              versions: ["1.2", "1.3"],
              plain: () => plainOnTls(this.proc),
            },
          }
        : {};
    try {
      master.machine.listen({
        proc: master,
        address: "0.0.0.0",
        port,
        protocol: "TCP",
        http: (request) => {
          this.requests++;
          return answer(site, request, scheme);
        },
        ...tls,
      });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      this.store.log("E", "nginx.go:1", `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address in use)`);
    }
  }

  private siteOf(master: Process): Site {
    const { store, options } = this;
    return {
      proc: master,
      configuration: () => this.configuration,
      globals: () => store.globals,
      secret: (key) => store.secret(key),
      defaultService: options.defaultService,
      endpoints(key) {
        const port = store.service(key)?.spec.ports?.[0];
        return port ? readyEndpoints(store.facts([]).slices(key), port) : [];
      },
    };
  }

  /** The certificate for the name that a client asks for. */
  private certificate(name: string | undefined): string {
    const server = name === undefined ? undefined : byHost(this.configuration.servers, name.toLowerCase());
    const own = server?.certificate;
    return own && own !== "default" ? own.certificate : this.defaultCertificate();
  }

  private fake: string | undefined;

  /** --default-ssl-certificate, else the one that the controller makes up for itself (internal/net/ssl GetFakeSSLCert, 1.13). */
  private defaultCertificate(): string {
    const { defaultCertificate } = this.options;
    const own = defaultCertificate === undefined ? undefined : this.store.certificate(defaultCertificate);
    if (own) return own.certificate;
    if (this.fake === undefined) {
      const { started, machine } = this.proc;
      const random = new Random(`fake certificate ${machine.name} ${started}`);
      const key = newKey(random);
      const subject = { commonName: "Kubernetes Ingress Controller Fake Certificate", organizations: ["Acme Co"] };
      this.fake = issueCertificate(
        {
          subject,
          publicKey: key.publicKey,
          issuer: { subject, key },
          notBefore: started,
          notAfter: started + YEAR,
          usages: ["server"],
          dnsNames: ["ingress.local"],
        },
        random,
      );
    }
    return this.fake;
  }
}

/** Where in the controller's source a warning is written (1.13). */
function sourceOf(text: string): string {
  if (text.startsWith("Error obtaining Endpoints")) return "controller.go:1132";
  if (text.endsWith("does not have any active Endpoint.")) return "controller.go:1238";
  if (text.startsWith("Error getting SSL certificate")) return "controller.go:1448";
  if (text.startsWith("Unexpected error validating SSL")) return "controller.go:1463";
  if (text.includes("about to expire") || text.includes("expired (")) return "controller.go:1486";
  return "controller.go:1471";
}
