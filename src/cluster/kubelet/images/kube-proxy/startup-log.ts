import { goQuote } from "../../../../base/go-text.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Process } from "../../../../machine/process.ts";
import { klogLine } from "../../../daemon/klog.ts";
import type { ProxyConfig } from "./config.ts";

type Line = readonly [level: "I" | "E", source: string, text: string];

export const IPVS_DEPRECATED =
  "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead.";

const waiting = (what: string): Line => [
  "I",
  "shared_informer.go:349",
  `"Waiting for caches to sync" controller="${what}"`,
];
const synced = (what: string): Line => ["I", "shared_informer.go:356", `"Caches are synced" controller="${what}"`];

/** What it says before it has heard of its node. */
export function beforeSync({ isModeGiven, lenient }: ProxyConfig): readonly Line[] {
  return [
    ...(lenient === undefined
      ? []
      : [
          [
            "I",
            "options.go:444",
            `"Using lenient decoding as strict decoding failed" err=${goQuote(lenient)}`,
          ] as const,
        ]),
    ...(isModeGiven ? [] : [["I", "server_linux.go:53", '"Using iptables proxy"'] as const]),
    waiting("node informer cache"),
  ];
}

/** What it says until all its rules are written (recorded from 1.34 in mode iptables, 1.36 in mode ipvs). */
export function afterSync(config: ProxyConfig, version: string, addresses: readonly string[]): readonly Line[] {
  const { settings } = config;
  const [first = ""] = addresses;
  const family = first.includes(":") ? "IPv6" : "IPv4";
  const list = addresses.map((address) => goQuote(address)).join(",");
  const controllers = ["service", "endpoint slice", "serviceCIDR", "node"].map((name) => `${name} config`);
  const sources = ["config.go:200", "config.go:106", "config.go:403", "config.go:309"];
  return [
    synced("node informer cache"),
    ["I", "server.go:219", `"Successfully retrieved NodeIPs" NodeIPs=[${list}]`],
    ["I", "conntrack.go:60", '"Setting nf_conntrack_max" nfConntrackMax=131072'],
    ...(settings.nodePortAddresses === undefined ? [unset] : []),
    ["I", "server.go:265", `"kube-proxy running in dual-stack mode" primary ipFamily="${family}"`],
    ...proxier(config),
    ["I", "server.go:527", `"Version info" version="${version}"`],
    ["I", "server.go:529", '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""'],
    ...controllers.flatMap((name, at): readonly Line[] => [
      ["I", sources[at] ?? "", `"Starting ${name} controller"`],
      waiting(name),
    ]),
    ...controllers.toReversed().map(synced),
  ];
}

const unset: Line = [
  "E",
  "server.go:256",
  '"Kube-proxy configuration may be incomplete or incorrect" err="nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. Consider using `--nodeport-addresses primary`"',
];

function proxier({ settings, isSchedulerGiven }: ProxyConfig): readonly Line[] {
  if (settings.mode === "nftables") return [["I", "server_linux.go:231", '"Using nftables Proxier"']];
  if (settings.mode === "ipvs") {
    const usual = (family: string): Line => [
      "I",
      "proxier.go:351",
      `"IPVS scheduler not specified, use rr by default" ipFamily="${family}"`,
    ];
    return [
      ["I", "server_linux.go:194", '"Using ipvs Proxier"'],
      ["E", "server_linux.go:196", goQuote(IPVS_DEPRECATED)],
      ...(isSchedulerGiven ? [] : [usual("IPv4"), usual("IPv6")]),
    ];
  }
  const using: Line = ["I", "server_linux.go:132", '"Using iptables Proxier"'];
  if (!settings.localhostNodePorts || settings.nodePortAddresses !== undefined) return [using];
  return [
    using,
    [
      "I",
      "proxier.go:242",
      '"Setting route_localnet=1 to allow node-ports on localhost; to change this either disable iptables.localhostNodePorts (--iptables-localhost-nodeports) or set nodePortAddresses (--nodeport-addresses) to filter loopback addresses" ipFamily="IPv4"',
    ],
  ];
}

export function* say(proc: Process, lines: readonly Line[]): Task {
  yield* proc.write(2, lines.map(([level, source, text]) => klogLine(proc, level, source, text)).join(""));
}
