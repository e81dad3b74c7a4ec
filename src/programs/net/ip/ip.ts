import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { address } from "./address.ts";
import { busyboxIp } from "./busybox.ts";
import { begins, IpFault, type IpObject, type IpOptions } from "./define.ts";
import { link } from "./link.ts";
import { neighbour } from "./neighbour.ts";
import { netns } from "./netns.ts";
import { route } from "./route.ts";
import { rule } from "./rule.ts";

const USAGE = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | amt | fou | help | ila | ioam | l2tp |
                   link | macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}
`;

/** The objects in the order in which iproute2 looks for the beginning of a name (ip/ip.c, 6.1). */
const objects: readonly string[] =
  `address addrlabel maddress route rule neighbor neighbour ntable ntbl link l2tp fou ila macsec tunnel tunl tuntap tap
  token tcpmetrics tcp_metrics monitor xfrm mroute mrule netns netconf vrf sr nexthop mptcp ioam help stats`.split(
    /\s+/,
  );
const simulated: Readonly<Record<string, IpObject>> = {
  address,
  link,
  neighbor: neighbour,
  neighbour,
  netns,
  route,
  rule,
};

/** The options in the order in which the beginning of a name is looked for; those after "not" are not simulated. */
const flags =
  "-loops -family -4 -6 -0 -M -B -human -human-readable -iec -stats -statistics -details -resolve -oneline".split(" ");
const more =
  "-timestamp -tshort -Version -force -batch -brief -json -pretty -rcvbuf -color -help -netns -Numeric -all -echo".split(
    " ",
  );
const unsupported = new Set(["-loops", "-M", "-B", "-batch", "-netns", "-echo", "-resolve"]);

interface Read {
  readonly options: IpOptions;
  readonly rest: readonly string[];
  readonly version: boolean;
}

function readOptions(argv: readonly string[]): Read {
  let family: IpOptions["family"];
  const given = new Set<string>();
  let i = 0;
  for (; i < argv.length && argv[i]?.startsWith("-"); i++) {
    const word = (argv[i] ?? "").replace(/^--(?=.)/, "-");
    if (word === "--") {
      i++;
      break;
    }
    const name = [...flags, ...more].find((one) => begins(word, one) && word.length > 1);
    const color = word.startsWith("-c") && /^-c(olor)?(=(always|auto|never))?$/.test(word);
    if (color) continue;
    if (name === undefined) throw new IpFault(`Option "${argv[i]}" is unknown, try "ip -help".`, 255);
    if (unsupported.has(name)) throw new IpFault(`ip: ${argv[i]} is not simulated`, 1);
    if (name === "-4" || name === "-6") family = name === "-4" ? 4 : 6;
    else if (name === "-family") {
      const value = argv[++i] ?? "";
      if (value !== "inet" && value !== "inet6") throw new IpFault(`ip: -family ${value} is not simulated`, 1);
      family = value === "inet" ? 4 : 6;
    } else given.add(name);
  }
  const has = (...names: readonly string[]) => names.some((name) => given.has(name));
  const options: IpOptions = {
    family,
    oneLine: has("-oneline"),
    brief: has("-brief"),
    json: has("-json"),
    pretty: has("-pretty"),
    statistics: has("-stats", "-statistics"),
    details: has("-details"),
  };
  if (has("-help")) return { options, rest: [], version: false };
  return { options, rest: argv.slice(i), version: has("-Version") };
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  try {
    const { options, rest, version } = readOptions(argv);
    if (version) {
      yield* proc.write(1, "ip utility, iproute2-6.1.0, libbpf 1.1.2\n");
      return 0;
    }
    const [word, ...words] = rest;
    const name = word === undefined ? "help" : objects.find((one) => begins(word, one));
    if (name === "help") {
      yield* proc.write(2, USAGE);
      return 255;
    }
    if (name === undefined) throw new IpFault(`Object "${word}" is unknown, try "ip help".`, 1);
    const object = simulated[name];
    if (!object) throw new IpFault(`ip: ${name} is not simulated`, 1);
    return yield* object.run({ proc, options, words });
  } catch (error) {
    if (!(error instanceof IpFault)) throw error;
    yield* proc.write(2, `${error.message}\n`);
    return error.status;
  }
}

/** ip of iproute2 6.1, as Debian 12 has it: what the network of a host or pod looks like. In images of busybox, busybox' own. */
export const ip: Program = { name: "ip", folder: "/usr/bin", run, busybox: busyboxIp };
