import type { Process } from "../../../../machine/process.ts";
import { type Flags, parseFlags } from "../../../daemon/flags.ts";

/** What the controller's command line asks for. */
export interface Options {
  readonly controller: string;
  readonly className: string;
  readonly byName: boolean;
  readonly withoutClass: boolean;
  /** Its account may not look at IngressClasses. */
  ignoresClasses: boolean;
  readonly namespace: string | undefined;
  readonly configMap: string | undefined;
  readonly defaultService: string | undefined;
  readonly defaultCertificate: string | undefined;
  readonly publishService: string | undefined;
  readonly statusAddress: string | undefined;
  readonly updatesStatus: boolean;
  readonly clearsStatus: boolean;
  readonly internalAddress: boolean;
  readonly election: string;
  readonly noElection: boolean;
  readonly noExternalNames: boolean;
  readonly noCatchAll: boolean;
  readonly webhook: string | undefined;
  readonly certificate: string;
  readonly key: string;
  readonly http: number;
  readonly https: number;
  readonly health: number;
  /** Flags that are given and have no effect here. */
  readonly unheeded: readonly string[];
}

/** The flags of the controller (pkg/flags, 1.13). */
const known: ReadonlySet<string> = new Set([
  "alsologtostderr",
  "annotations-prefix",
  "apiserver-host",
  "certificate-authority",
  "configmap",
  "controller-class",
  "deep-inspect",
  "default-backend-service",
  "default-server-port",
  "default-ssl-certificate",
  "disable-catch-all",
  "disable-full-test",
  "disable-leader-election",
  "disable-svc-external-name",
  "disable-sync-events",
  "election-id",
  "election-ttl",
  "enable-annotation-validation",
  "enable-metrics",
  "enable-ssl-chain-completion",
  "enable-ssl-passthrough",
  "enable-topology-aware-routing",
  "exclude-socket-metrics",
  "health-check-path",
  "health-check-timeout",
  "healthz-host",
  "healthz-port",
  "http-port",
  "https-port",
  "ingress-class",
  "ingress-class-by-name",
  "internal-logger-address",
  "kubeconfig",
  "length-buckets",
  "metrics-per-host",
  "monitor-max-batch-size",
  "post-shutdown-grace-period",
  "profiler-port",
  "profiling",
  "publish-service",
  "publish-status-address",
  "report-node-internal-ip-address",
  "report-status-classes",
  "shutdown-grace-period",
  "ssl-passthrough-proxy-port",
  "status-port",
  "status-update-interval",
  "stderrthreshold",
  "stream-port",
  "sync-period",
  "sync-rate-limit",
  "tcp-services-configmap",
  "time-buckets",
  "udp-services-configmap",
  "update-status",
  "update-status-on-shutdown",
  "v",
  "validating-webhook",
  "validating-webhook-certificate",
  "validating-webhook-key",
  "version",
  "vmodule",
  "watch-ingress-without-class",
  "watch-namespace",
  "watch-namespace-selector",
]);

/** Flags of the real controller that have no effect here; it says so. */
const withoutEffect = [
  "annotations-prefix",
  "enable-ssl-passthrough",
  "enable-topology-aware-routing",
  "tcp-services-configmap",
  "udp-services-configmap",
  "watch-namespace-selector",
];

/** Reads the command line; a text says what is wrong with it. */
export function optionsOf(proc: Process, argv: readonly string[]): Options | string {
  const parsed = parseFlags(argv, known);
  if ("error" in parsed) return parsed.error;
  const flags: Flags = parsed.flags;
  const is = (name: string, usual = false) => (flags[name] === undefined ? usual : flags[name] === "true");
  const text = (name: string) => flags[name] || undefined;
  if (text("publish-service") && text("publish-status-address"))
    return "flags --publish-service and --publish-status-address are mutually exclusive";
  for (const name of ["http-port", "https-port", "healthz-port"])
    if (flags[name] !== undefined && !/^\d{1,5}$/.test(flags[name] ?? ""))
      return `invalid argument "${flags[name]}" for "--${name}" flag: strconv.ParseInt: parsing "${flags[name]}": invalid syntax`;
  const http = Number(flags["http-port"] ?? 80);
  const https = Number(flags["https-port"] ?? 443);
  for (const [name, port] of [
    ["http-port", http],
    ["https-port", https],
  ] as const)
    if (proc.machine.net.listeners.some((one) => one.port === port && one.protocol === "TCP"))
      return `port ${port} is already in use. Please check the flag --${name}`;
  return {
    controller: flags["controller-class"] ?? "k8s.io/ingress-nginx",
    className: flags["ingress-class"] ?? "nginx",
    byName: is("ingress-class-by-name"),
    withoutClass: is("watch-ingress-without-class"),
    ignoresClasses: false,
    namespace: text("watch-namespace"),
    configMap: text("configmap"),
    defaultService: text("default-backend-service"),
    defaultCertificate: text("default-ssl-certificate"),
    publishService: text("publish-service"),
    statusAddress: text("publish-status-address"),
    updatesStatus: is("update-status", true),
    clearsStatus: is("update-status-on-shutdown", true),
    internalAddress: is("report-node-internal-ip-address"),
    election: flags["election-id"] ?? "ingress-controller-leader",
    noElection: is("disable-leader-election"),
    noExternalNames: is("disable-svc-external-name"),
    noCatchAll: is("disable-catch-all"),
    webhook: text("validating-webhook"),
    certificate: flags["validating-webhook-certificate"] ?? "",
    key: flags["validating-webhook-key"] ?? "",
    http,
    https,
    unheeded: withoutEffect.filter((name) => text(name) !== undefined && text(name) !== "false"),
    health: Number(flags["healthz-port"] ?? 10254),
  };
}
