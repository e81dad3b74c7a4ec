import type { Image } from "./define.ts";

const asking = ["curl", "dig", "host", "nc", "nslookup", "wget"];
const looking = [
  "arp",
  "ifconfig",
  "ip",
  "netstat",
  "ping",
  "route",
  "ss",
  "tcpdump",
  "telnet",
  "tracepath",
  "traceroute",
];

/** Images with tools for looking at a network. */
export const toolboxes: readonly Image[] = [
  {
    repository: "docker.io/nicolaka/netshoot",
    tags: ["latest", "v0.14", "v0.13", "v0.12", "v0.11"],
    size: 200_000_000,
    cmd: ["zsh"],
    userland: "debian",
    tools: [...asking, ...looking, "ip6tables", "ip6tables-save", "iptables", "iptables-save", "ipvsadm", "nft"],
    workingDir: "/root",
  },
  {
    repository: "registry.k8s.io/e2e-test-images/jessie-dnsutils",
    tags: ["1.7", "1.5", "1.3"],
    size: 115_000_000,
    cmd: ["/bin/bash"],
    userland: "debian",
    tools: ["dig", "host", "nslookup"],
  },
  {
    repository: "docker.io/tutum/dnsutils",
    tags: ["latest"],
    size: 75_000_000,
    cmd: ["/bin/bash"],
    userland: "debian",
    tools: ["dig", "host", "nslookup"],
  },
  {
    repository: "docker.io/infoblox/dnstools",
    tags: ["latest", "v3"],
    size: 6_000_000,
    cmd: ["/bin/sh"],
    userland: "busybox",
    tools: ["curl", "dig", "host", "nslookup"],
  },
  {
    repository: "docker.io/radial/busyboxplus",
    tags: ["latest", "curl", "base", "git"],
    size: 4_000_000,
    cmd: ["/bin/sh"],
    userland: "busybox",
    tools: ["curl"],
  },
];
