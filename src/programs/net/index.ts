import type { Program } from "../../machine/define.ts";
import { curl } from "./curl/curl.ts";
import { dig } from "./dig/dig.ts";
import { host } from "./host/host.ts";
import { ip } from "./ip/ip.ts";
import { lsof } from "./lsof/lsof.ts";
import { nc } from "./nc/nc.ts";
import { arp } from "./net-tools/arp.ts";
import { ifconfig } from "./net-tools/ifconfig.ts";
import { netstat } from "./net-tools/netstat.ts";
import { route } from "./net-tools/route.ts";
import { netfilterPrograms } from "./netfilter/index.ts";
import { nsenter } from "./nsenter.ts";
import { nslookup } from "./nslookup/nslookup.ts";
import { ping } from "./ping/ping.ts";
import { ss } from "./ss/ss.ts";
import { tcpdump } from "./tcpdump/tcpdump.ts";
import { telnet } from "./telnet/telnet.ts";
import { tracepath } from "./tracepath/tracepath.ts";
import { traceroute } from "./traceroute/traceroute.ts";
import { wget } from "./wget/wget.ts";

/** The programs that ask over the network. */
export const netPrograms: readonly Program[] = [
  arp,
  curl,
  dig,
  host,
  ifconfig,
  ip,
  lsof,
  nc,
  netstat,
  nsenter,
  nslookup,
  ping,
  route,
  ss,
  tcpdump,
  telnet,
  tracepath,
  traceroute,
  wget,
  ...netfilterPrograms,
];
