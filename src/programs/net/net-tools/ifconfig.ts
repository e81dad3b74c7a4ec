import { ipVersion } from "../../../base/cidr.ts";
import type { Link, LinkAddress } from "../../../cluster/network/links/define.ts";
import { linksOf } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { maskText } from "./define.ts";
import { interfaceTable } from "./interface-table.ts";

/** The kernel's flags and their numbers, in the order in which they are shown (net/if.h). */
const flags: readonly (readonly [name: string, number: number, of: string])[] = [
  ["UP", 1, "UP"],
  ["BROADCAST", 2, "BROADCAST"],
  ["LOOPBACK", 8, "LOOPBACK"],
  ["RUNNING", 64, "LOWER_UP"],
  ["NOARP", 128, "NOARP"],
  ["MULTICAST", 4096, "MULTICAST"],
];
const scopes = { global: ["0x0", "global"], link: ["0x20", "link"], host: ["0x10", "host"] } as const;

function* chosen(proc: Process, argv: readonly string[], before = ""): Task<readonly Link[] | number> {
  const all = [...linksOf(proc.machine)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const words = argv.filter((word) => !word.startsWith("-"));
  const [name, ...changes] = words;
  if (name === undefined) return argv.includes("-a") ? all : all.filter((link) => link.flags.includes("UP"));
  const link = all.find((one) => one.name === name);
  if (!link) {
    const what = changes.length > 0 ? `SIOCSIFFLAGS: No such device\n` : undefined;
    yield* proc.write(2, what ?? `${before}${name}: error fetching interface information: Device not found\n`);
    return changes.length > 0 ? 255 : 1;
  }
  if (changes.length === 0) return [link];
  const isRoot = proc.credentials.uid === 0;
  yield* proc.write(
    2,
    isRoot ? "ifconfig: to change interfaces is not simulated\n" : "SIOCSIFFLAGS: Operation not permitted\n",
  );
  return isRoot ? 1 : 255;
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const strange = argv.find((word) => word.startsWith("-") && !/^-[asv]$/.test(word));
  if (strange === "--version" || strange === "-V") {
    yield* proc.write(2, "net-tools 2.10\n");
    return 0;
  }
  if (strange !== undefined) {
    yield* proc.write(
      2,
      `ifconfig: option \`${strange}' not recognised.\nifconfig: \`--help' gives usage information.\n`,
    );
    return 1;
  }
  const links = yield* chosen(proc, argv);
  if (typeof links === "number") return links;
  if (argv.includes("-s")) {
    yield* proc.write(1, interfaceTable(links, "Iface      MTU "));
    return 0;
  }
  for (const link of links) yield* proc.write(1, `${linkText(link)}\n`);
  return 0;
}

function linkText(link: Link): string {
  const set = flags.filter(([, , of]) => link.flags.includes(of));
  const sum = set.reduce((all, [, number]) => all + number, 0);
  const hasBroadcast = link.flags.includes("BROADCAST");
  const addresses = link.addresses.map((one) =>
    ipVersion(one.address) === 4
      ? `inet ${one.address}  netmask ${maskText(one.prefix)}${hasBroadcast ? `  broadcast ${one.broadcast ?? "0.0.0.0"}` : ""}`
      : `inet6 ${one.address}  prefixlen ${one.prefix}  scopeid ${scopes[one.scope][0]}<${scopes[one.scope][1]}>`,
  );
  const queue = `txqueuelen ${link.queue ?? 0}`;
  const hardware =
    link.type === "loopback"
      ? `loop  ${queue}  (Local Loopback)`
      : link.type === "ipip"
        ? `tunnel   ${queue}  (IPIP Tunnel)`
        : `ether ${link.mac}  ${queue}  (Ethernet)`;
  const lines = [
    `${link.name}: flags=${sum}<${set.map(([name]) => name).join(",")}>  mtu ${link.mtu}`,
    ...[
      ...addresses,
      hardware,
      "RX packets 0  bytes 0 (0.0 B)",
      "RX errors 0  dropped 0  overruns 0  frame 0",
      "TX packets 0  bytes 0 (0.0 B)",
      "TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0",
    ].map((line) => `        ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

function* busybox(proc: Process, argv: readonly string[]): Task<number> {
  const links = yield* chosen(proc, argv, "ifconfig: ");
  if (typeof links === "number") return 1;
  for (const link of links) yield* proc.write(1, `${oldLinkText(link)}\n`);
  return 0;
}

const oldScope = { global: "Global", link: "Link", host: "Host" } as const;

function oldLinkText(link: Link): string {
  const set = flags.filter(([, , of]) => link.flags.includes(of)).map(([name]) => name);
  const hardware =
    link.type === "loopback"
      ? "Link encap:Local Loopback  "
      : link.type === "ipip"
        ? "Link encap:IPIP Tunnel  HWaddr   "
        : `Link encap:Ethernet  HWaddr ${link.mac.toUpperCase()}  `;
  const address = ({ address: text, prefix, broadcast, scope }: LinkAddress) => {
    if (ipVersion(text) === 6) return `inet6 addr: ${text}/${prefix} Scope:${oldScope[scope]}`;
    const cast = link.flags.includes("BROADCAST") ? `  Bcast:${broadcast ?? "0.0.0.0"}` : "";
    return `inet addr:${text}${cast}  Mask:${maskText(prefix)}`;
  };
  const lines = [
    ...link.addresses.map(address),
    `${set.join(" ")}  MTU:${link.mtu}  Metric:1`,
    "RX packets:0 errors:0 dropped:0 overruns:0 frame:0",
    "TX packets:0 errors:0 dropped:0 overruns:0 carrier:0",
    `collisions:0 txqueuelen:${link.queue ?? 0} `,
    "RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)",
  ];
  return `${link.name.padEnd(10)}${hardware}\n${lines.map((line) => `          ${line}\n`).join("")}`;
}

/** ifconfig of net-tools 2.10; in images of busybox, busybox' own. Packets are not counted. */
export const ifconfig: Program = { name: "ifconfig", folder: "/usr/sbin", run, busybox };
