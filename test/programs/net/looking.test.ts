import { describe, expect, test } from "vitest";
import { Terminal } from "../../../src/machine/terminal.ts";
import type { Host } from "../../machine/harness.ts";
import { candidate } from "../../machine/harness.ts";
import { wordsOf } from "../text/text-case.ts";
import { makeNodes, type Nodes } from "./node.ts";

/** Texts as iputils 20221126, traceroute 2.1.2, inetutils 2.4, busybox 1.35 and tcpdump 4.99.3 printed them in namespaces. */
function run(host: Host, line: string, stdin = "") {
  return host.run(wordsOf(line), { stdin });
}

/** Times of packets are not those of the recording. */
const timeless = (text: string) => text.replace(/= [\d./]+ ms/g, "= T ms").replace(/[\d.]+ ms\b/g, "T ms");

function serve(nodes: Nodes, which: "near" | "far" | number, port: number, more: object = {}): void {
  const host = typeof which === "number" ? nodes.pod(which) : nodes[which];
  const { proc } = host.start(function* (own) {
    for (;;) yield* own.sleep(1e6);
  });
  const http = () => ({ status: 200, headers: { server: "t/1" }, body: "hello\n" });
  host.machine.listen({ proc, address: "0.0.0.0", port, protocol: "TCP", http, ...more });
}

describe("ping", () => {
  test("answers, and what they come to", () => {
    const { stdout, status } = run(makeNodes().near, "ping -c 2 192.168.56.12");
    expect(timeless(stdout)).toBe(`PING 192.168.56.12 (192.168.56.12) 56(84) bytes of data.
64 bytes from 192.168.56.12: icmp_seq=1 ttl=64 time=T ms
64 bytes from 192.168.56.12: icmp_seq=2 ttl=64 time=T ms

--- 192.168.56.12 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = T ms
`);
    expect(status).toBe(0);
  });

  test("a pod behind its node is one router away from another host's pod network", () => {
    const { stdout } = run(makeNodes().far, "ping -c 1 10.244.1.2");
    expect(stdout).toContain("64 bytes from 10.244.1.2: icmp_seq=1 ttl=63 time=");
  });

  test("a name is told with its address", () => {
    expect(run(makeNodes().near, "ping -c 1 far").stdout).toContain(
      "64 bytes from far (192.168.56.12): icmp_seq=1 ttl=64",
    );
    expect(run(makeNodes().near, "ping -n -c 1 far").stdout).toContain("64 bytes from 192.168.56.12: icmp_seq=1");
  });

  test("nobody at an address of the own network: an error after three seconds", () => {
    const nodes = makeNodes();
    const before = nodes.near.clock.now;
    const { stdout, status } = run(nodes.near, "ping -c 2 192.168.56.77");
    expect(stdout).toBe(`PING 192.168.56.77 (192.168.56.77) 56(84) bytes of data.
From 192.168.56.11 icmp_seq=1 Destination Host Unreachable
From 192.168.56.11 icmp_seq=2 Destination Host Unreachable

--- 192.168.56.77 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1000ms
pipe 2
`);
    expect(status).toBe(1);
    expect((nodes.near.clock.now - before) / 1e6).toBeCloseTo(3.06, 1);
  });

  test("nobody beyond the router: silence for -W after the last packet", () => {
    const nodes = makeNodes();
    const before = nodes.near.clock.now;
    const { stdout, status } = run(nodes.near, "ping -c 2 -W 1 8.8.8.8");
    expect(stdout).toContain("2 packets transmitted, 0 received, 100% packet loss, time 1000ms\n\n");
    expect(status).toBe(1);
    expect((nodes.near.clock.now - before) / 1e6).toBeCloseTo(2, 2);
  });

  test("a deadline ends it", () => {
    const { stdout, status } = run(makeNodes().near, "ping -w 2 192.168.56.12");
    expect(stdout).toContain("2 packets transmitted, 2 received, 0% packet loss, time 1000ms");
    expect(status).toBe(0);
  });

  test("Ctrl-C tells what came", () => {
    const { near } = makeNodes();
    const terminal = new Terminal();
    let shown = "";
    terminal.onOutput = (text) => {
      shown += text;
    };
    const { proc } = near.start(["ping", "192.168.56.12"], { terminal });
    terminal.foreground = proc.group;
    near.clock.run(near.clock.now + 2_500_000);
    terminal.input("\u0003");
    near.clock.run(near.clock.now + 100_000);
    expect(proc.state).toBe("ended");
    expect(proc.status).toBe(0);
    expect(shown).toContain(
      "^C\n--- 192.168.56.12 ping statistics ---\n3 packets transmitted, 3 received, 0% packet loss, time 2000ms\n",
    );
  });

  test.each([
    ["ping", 1, "ping: usage error: Destination address required\n"],
    ["ping -c foo 1.1.1.1", 1, "ping: invalid argument: 'foo'\n"],
    ["ping -c 0 1.1.1.1", 1, "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n"],
    ["ping -4 -c1 ::1", 2, "ping: ::1: Address family for hostname not supported\n"],
    ["ping -6 -c1 127.0.0.1", 2, "ping: 127.0.0.1: Address family for hostname not supported\n"],
    ["ping -c 1 fd00::9", 2, "ping: connect: Network is unreachable\n"],
    [
      "ping -c1 192.168.56.255",
      2,
      "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n",
    ],
    ["busybox-ping -c x 1.1.1.1", 1, "ping: invalid number 'x'\n"],
    ["busybox-ping -c 1 fd00::9", 1, "ping: sendto: Network is unreachable\n"],
  ])("%s", (line, status, stderr) => {
    expect(run(makeNodes().near, line)).toMatchObject({ status, stderr });
  });

  test("a packet that is too long for the link, and one that dies on the way", () => {
    const long = run(makeNodes().near, "ping -c1 -M do -s 1473 192.168.56.12");
    expect(long).toMatchObject({ status: 1, stderr: "ping: local error: message too long, mtu=1500\n" });
    expect(long.stdout).toContain("1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms\n\n");
    const short = run(makeNodes().far, "ping -c1 -t 1 10.244.1.2").stdout;
    expect(short).toContain("icmp_seq=1 Time to live exceeded\n");
  });

  test("busybox tells of answers only", () => {
    expect(
      timeless(run(makeNodes().near, "busybox-ping -c 2 far").stdout),
    ).toBe(`PING far (192.168.56.12): 56 data bytes
64 bytes from 192.168.56.12: seq=0 ttl=64 time=T ms
64 bytes from 192.168.56.12: seq=1 ttl=64 time=T ms

--- far ping statistics ---
2 packets transmitted, 2 packets received, 0% packet loss
round-trip min/avg/max = T ms
`);
    expect(run(makeNodes().near, "busybox-ping -c 1 -W 1 192.168.56.77")).toMatchObject({
      status: 1,
      stdout:
        "PING 192.168.56.77 (192.168.56.77): 56 data bytes\n\n--- 192.168.56.77 ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n",
    });
  });
});

describe("traceroute and tracepath", () => {
  test("the routers on the way, then the addressee", () => {
    const { stdout, status } = run(makeNodes().far, "traceroute -n 10.244.1.2");
    expect(timeless(stdout)).toMatch(
      /^traceroute to 10\.244\.1\.2 \(10\.244\.1\.2\), 30 hops max, 60 byte packets\n 1 {2}10\.244\.1\.0 {2}T ms {2}T ms {2}T ms\n 2 {2}10\.244\.1\.2 {2}T ms {2}T ms {2}T ms\n$/,
    );
    expect(status).toBe(0);
  });

  test("nobody there: the own address and !H", () => {
    expect(timeless(run(makeNodes().near, "traceroute -n -m 3 192.168.56.77").stdout)).toBe(
      "traceroute to 192.168.56.77 (192.168.56.77), 3 hops max, 60 byte packets\n 1  192.168.56.11  T ms !H  T ms !H  T ms !H\n",
    );
  });

  test("silence is stars, and takes its time", () => {
    const nodes = makeNodes();
    const before = nodes.near.clock.now;
    expect(run(nodes.near, "traceroute -n -q 1 -w 1 -m 3 8.8.8.8").stdout).toContain("\n 1  *\n 2  *\n 3  *\n");
    expect((nodes.near.clock.now - before) / 1e6).toBeCloseTo(1, 2);
  });

  test.each([
    ["traceroute -n -q 11 1.1.1.1", "no more than 10 probes per hop\n"],
    ["traceroute -n -m 300 1.1.1.1", "max hops cannot be more than 255\n"],
    ["traceroute -n -m x 1.1.1.1", "Cannot handle `-m' option with arg `x' (argc 3)\n"],
    ["traceroute -Z", "Bad option `-Z' (argc 1)\n"],
  ])("%s", (line, stderr) => {
    expect(run(makeNodes().near, line)).toMatchObject({ status: 2, stderr });
  });

  test("tracepath tells the longest packet", () => {
    const shown = run(makeNodes().far, "tracepath -n 10.244.1.2").stdout.replace(/ [\d.]+ms/g, "  Tms");
    expect(shown.split("\n")[0]).toBe(" 1?: [LOCALHOST]                      pmtu 1450");
    expect(shown).toMatch(/ 2: {2}10\.244\.1\.2 +Tms reached\n {5}Resume: pmtu 1450 hops 2 back 2 \n$/);
  });
});

describe("telnet and nc", () => {
  test("telnet is connected, and hears the server", () => {
    const nodes = makeNodes();
    serve(nodes, "far", 80);
    const { stdout, stderr, status } = run(nodes.near, "telnet 192.168.56.12 80", "GET / HTTP/1.0\n\n");
    expect(stdout).toMatch(
      /^Trying 192\.168\.56\.12\.\.\.\nConnected to 192\.168\.56\.12\.\nEscape character is '\^\]'\.\nHTTP\/1\.[01] 200 OK\r\n/,
    );
    expect({ stderr, status }).toEqual({ stderr: "Connection closed by foreign host.\n", status: 0 });
  });

  test.each([
    [
      "telnet 192.168.56.12 81",
      1,
      "Trying 192.168.56.12...\n",
      "telnet: Unable to connect to remote host: Connection refused\n",
    ],
    [
      "telnet 192.168.56.77 80",
      1,
      "Trying 192.168.56.77...\n",
      "telnet: Unable to connect to remote host: No route to host\n",
    ],
    [
      "telnet far nosuchport",
      1,
      "Server lookup failure:  far:nosuchport, Servname not supported for ai_socktype\n",
      "",
    ],
    [
      "busybox-telnet 192.168.56.12 81",
      1,
      "",
      "telnet: can't connect to remote host (192.168.56.12): Connection refused\n",
    ],
    ["nc -zv 192.168.56.12 81", 1, "", "nc: connect to 192.168.56.12 port 81 (tcp) failed: Connection refused\n"],
    ["nc -zv 192.168.56.77 80", 1, "", "nc: connect to 192.168.56.77 port 80 (tcp) failed: No route to host\n"],
  ])("%s", (line, status, stdout, stderr) => {
    expect(run(makeNodes().near, line)).toEqual({ status, stdout, stderr });
  });

  test("a port's name, and none with -n", () => {
    const nodes = makeNodes();
    serve(nodes, "far", 80);
    expect(run(nodes.near, "nc -zv 192.168.56.12 80").stderr).toBe(
      "Connection to 192.168.56.12 80 port [tcp/http] succeeded!\n",
    );
    expect(run(nodes.near, "nc -zvn 192.168.56.12 80").stderr).toBe(
      "Connection to 192.168.56.12 80 port [tcp/*] succeeded!\n",
    );
  });

  test("what one netcat says the other one shows", () => {
    const { near, far } = makeNodes();
    const listening = far.start(["nc", "-lv", "9000"], { stdin: "back\n" });
    far.settle();
    expect(run(near, "nc -N 192.168.56.12 9000", "hello\n")).toEqual({ status: 0, stdout: "back\n", stderr: "" });
    far.settle();
    expect(listening.proc.state).toBe("ended");
    expect(listening.stdout).toBe("hello\n");
    expect(listening.stderr).toBe("Listening on 0.0.0.0 9000\nConnection received on near 40000\n");
    expect(run(near, "nc -z 192.168.56.12 9000").status).toBe(1);
  });

  test("with -k it takes one after the other; -u takes datagrams", () => {
    const { near, far } = makeNodes();
    const listening = far.start(["nc", "-lk", "9000"]);
    const datagrams = far.start(["nc", "-lu", "9001"]);
    far.settle();
    run(near, "nc -N 192.168.56.12 9000", "one\n");
    run(near, "nc -N 192.168.56.12 9000", "two\n");
    run(near, "nc -u -w1 192.168.56.12 9001", "three\n");
    far.settle();
    expect(listening.stdout).toBe("one\ntwo\n");
    expect(datagrams.stdout).toBe("three\n");
  });

  test("a low port is root's, and a taken one nobody's", () => {
    const { near } = makeNodes();
    const asUser = near.run(["nc", "-l", "80"], { who: candidate });
    expect(asUser).toMatchObject({ status: 1, stderr: "nc: Permission denied\n" });
    near.start(["nc", "-lk", "8080"]);
    near.settle();
    expect(near.run(["nc", "-l", "8080"])).toMatchObject({ status: 1, stderr: "nc: Address already in use\n" });
  });

  test("busybox runs a program for each who comes", () => {
    const { near, far } = makeNodes();
    far.start(["busybox-nc", "-lk", "-p", "9000", "-e", "busybox-ip", "rule"]);
    far.settle();
    for (const _ of [1, 2])
      expect(run(near, "busybox-nc 192.168.56.12 9000").stdout).toContain("32766:\tfrom all lookup main \n");
  });
});

describe("ss, netstat and lsof", () => {
  const opened = () => {
    const nodes = makeNodes();
    nodes.near.start(["nc", "-lk", "8080"]);
    nodes.near.settle();
    serve(nodes, "near", 10250);
    return nodes.near;
  };

  test("sockets that listen, with their processes", () => {
    const near = opened();
    const { stdout } = run(near, "ss -tlnp");
    expect(stdout).toMatch(/^State +Recv-Q Send-Q Local Address:Port +Peer Address:PortProcess +\n/);
    expect(stdout).toMatch(/LISTEN 0 {6}1 +0\.0\.0\.0:8080 +0\.0\.0\.0:\* +users:\(\("nc",pid=\d+,fd=3\)\)/);
    expect(stdout).toMatch(/LISTEN 0 {6}4096 +\*:10250 +\*:\*/);
  });

  test("a filter", () => {
    const near = opened();
    expect(run(near, "ss -Hltn sport = :8080").stdout).toBe(
      "LISTEN 0      1      0.0.0.0:8080 0.0.0.0:*          \n".trimEnd().concat("\n"),
    );
    expect(run(near, "ss -Hltn '( sport = :8080 or sport = :10250 )'").stdout.split("\n")).toHaveLength(3);
    expect(run(near, "ss -ltn sport = :x")).toMatchObject({
      status: 1,
      stderr: 'Error: "x" does not look like a port.\nCannot parse dst/src address.\n',
    });
  });

  test("netstat", () => {
    const { stdout } = run(opened(), "netstat -tulpn");
    expect(stdout).toMatch(
      /^Active Internet connections \(only servers\)\nProto Recv-Q Send-Q Local Address {11}Foreign Address {9}State {7}PID\/Program name {4}\ntcp {8}0 {6}0 0\.0\.0\.0:8080 {12}0\.0\.0\.0:\* {15}LISTEN {6}\d+\/nc +\ntcp6 {7}0 {6}0 :::10250 {16}:::\* {20}LISTEN {6}\d+\//,
    );
  });

  test("lsof finds who has a port; nobody has another", () => {
    const near = opened();
    expect(run(near, "lsof -i :8080 -n -P").stdout).toMatch(
      /^COMMAND PID USER +FD +TYPE +DEVICE SIZE\/OFF NODE NAME\nnc +\d+ +0 +3u +IPv4 +\d+ +0t0 +TCP \*:8080 \(LISTEN\)\n$/,
    );
    expect(run(near, "lsof -ti :8080").stdout).toMatch(/^\d+\n$/);
    expect(run(near, "lsof -i :11")).toEqual({ status: 1, stdout: "", stderr: "" });
  });
});

describe("tcpdump", () => {
  test("the packets of a connection that is opened while it runs", () => {
    const nodes = makeNodes();
    serve(nodes, "far", 80);
    const capture = nodes.far.start(["tcpdump", "-i", "eth0", "-nn", "-c", "6", "port", "80"]);
    nodes.far.settle();
    run(nodes.near, "curl -s 192.168.56.12");
    nodes.far.settle();
    expect(capture.proc.state).toBe("ended");
    expect(capture.stderr).toBe(
      "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n6 packets captured\n10 packets received by filter\n0 packets dropped by kernel\n",
    );
    const lines = capture.stdout.trim().split("\n");
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{6} IP 192\.168\.56\.11\.\d+ > 192\.168\.56\.12\.80: Flags \[S\], seq \d+, win 64240, options \[mss 1460,/,
    );
    expect(lines.map((line) => /Flags \[(.*?)\]/.exec(line)?.[1])).toEqual(["S", "S.", ".", "P.", ".", "P."]);
    expect(lines[3]).toContain(": HTTP: GET / HTTP/1.1");
  });

  test("a refused connection is a reset; nobody who listens costs nothing", () => {
    const nodes = makeNodes();
    const capture = nodes.far.start(["tcpdump", "-i", "any", "-n", "-c", "2", "tcp", "and", "port", "81"]);
    nodes.far.settle();
    run(nodes.near, "curl -s 192.168.56.12:81");
    nodes.far.settle();
    expect(capture.stdout).toMatch(
      /eth0 {2}In {2}IP .* Flags \[S\], .*\n.*eth0 {2}Out IP 192\.168\.56\.12\.81 > 192\.168\.56\.11\.\d+: Flags \[R\.\], seq 0, ack \d+, win 0, length 0\n/,
    );
    expect(nodes.network.observers.size).toBe(0);
  });

  test.each([
    ["tcpdump -i nosuch", "tcpdump: nosuch: No such device exists\n(No such device exists)\n"],
    ["tcpdump -i eth0 port foo", "tcpdump: unknown port 'foo'\n"],
    ["tcpdump -i eth0 blah", "tcpdump: can't parse filter expression: syntax error\n"],
  ])("%s", (line, stderr) => {
    expect(run(makeNodes().near, line)).toMatchObject({ status: 1, stderr });
  });
});

describe("curl over telnet", () => {
  test("is connected until the time is up; curl 7.88.1", () => {
    const nodes = makeNodes();
    serve(nodes, "far", 80);
    expect(run(nodes.near, "curl -sSv -m 2 telnet://192.168.56.12:80")).toEqual({
      status: 28,
      stdout: "",
      stderr:
        "*   Trying 192.168.56.12:80...\n* Connected to 192.168.56.12 (192.168.56.12) port 80 (#0)\n* Time-out\n* Closing connection 0\ncurl: (28) Time-out\n",
    });
    expect(run(nodes.near, "curl -sS telnet://192.168.56.12:81").status).toBe(7);
  });
});

describe("the networks of pods on their node", () => {
  test.each([
    "ip netns exec cni-11111111-1111-1111-1111-111111111111 ip -4 -br addr",
    "nsenter --net=/run/netns/cni-11111111-1111-1111-1111-111111111111 ip -4 -br addr",
  ])("%s", (line) => {
    const { stdout, status } = run(makeNodes().near, line);
    expect(stdout).toContain("eth0@if5         UP             10.244.1.2/24 \n");
    expect(status).toBe(0);
  });

  test.each([
    ["ip netns exec nope ip a", 255, 'Cannot open network namespace "nope": No such file or directory\n'],
    ["ip netns exec", 1, "No netns name specified\n"],
    ["ip netns exec cni-11111111-1111-1111-1111-111111111111", 1, "No command specified\n"],
    [
      "ip netns exec cni-11111111-1111-1111-1111-111111111111 nosuch",
      1,
      'exec of "nosuch" failed: No such file or directory\n',
    ],
    ["nsenter -t 999999 -n ip a", 1, "nsenter: cannot open /proc/999999/ns/net: No such file or directory\n"],
    ["nsenter -n ip a", 1, "nsenter: neither filename nor target pid supplied for ns/net\n"],
    ["nsenter -t x -n ip", 1, "nsenter: failed to parse pid: 'x'\n"],
  ])("%s", (line, status, stderr) => {
    expect(run(makeNodes().near, line)).toMatchObject({ status, stderr });
  });
});

describe("a link that somebody sets down", () => {
  const ends = (host: Host, address: string) => run(host, `ping -c 1 -W 1 ${address}`).status;

  test("is shown, and its routes are gone", () => {
    const { near } = makeNodes();
    expect(run(near, "ip link set cni0 down")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(near, "ip -br link show cni0").stdout).toMatch(/^cni0 +DOWN +\S+ <BROADCAST,MULTICAST> \n$/);
    expect(run(near, "ip route").stdout).not.toContain("cni0");
    run(near, "ip link set cni0 up");
    expect(run(near, "ip route").stdout).toContain("10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1");
  });

  test("the bridge cuts pods off, the tunnel only those of other nodes", () => {
    const nodes = makeNodes();
    expect([ends(nodes.pod(1), "10.244.1.3"), ends(nodes.far, "10.244.1.2")]).toEqual([0, 0]);
    run(nodes.near, "ip link set flannel.1 down");
    expect([ends(nodes.pod(1), "10.244.1.3"), ends(nodes.far, "10.244.1.2"), ends(nodes.far, "192.168.56.11")]).toEqual(
      [0, 1, 0],
    );
    run(nodes.near, "ip link set flannel.1 up");
    run(nodes.near, "ip link set cni0 down");
    expect([ends(nodes.pod(1), "10.244.1.3"), ends(nodes.far, "10.244.1.2"), ends(nodes.far, "192.168.56.11")]).toEqual(
      [1, 1, 0],
    );
  });

  test("the card cuts the node off; flannel sets its tunnel up when it starts anew", () => {
    const nodes = makeNodes();
    run(nodes.near, "ip link set eth0 down");
    expect([ends(nodes.far, "192.168.56.11"), ends(nodes.pod(1), "10.244.1.3")]).toEqual([1, 0]);
    run(nodes.near, "ip link set eth0 up");
    run(nodes.near, "ip link set flannel.1 down");
    const { parts } = nodes.near.machine;
    parts.set("pod-network", { ...(parts.get("pod-network") as object) });
    expect(ends(nodes.far, "10.244.1.2")).toBe(0);
  });

  test("a route that is taken away cuts the pods of the other node off, until it is laid again", () => {
    const nodes = makeNodes();
    expect(run(nodes.near, "ip route del 10.244.2.0/24")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(run(nodes.near, "ip route").stdout).not.toContain("10.244.2.0/24");
    expect(run(nodes.near, "ip route get 10.244.2.9").stdout).toContain("10.244.2.9 via 192.168.56.1 dev eth0");
    expect([ends(nodes.far, "10.244.1.2"), ends(nodes.pod(1), "10.244.1.3")]).toEqual([1, 0]);
    expect(run(nodes.near, "ip route del 10.244.2.0/24").stderr).toBe("RTNETLINK answers: No such process\n");
    run(nodes.near, "ip route add 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink");
    expect(ends(nodes.far, "10.244.1.2")).toBe(0);
    expect(run(nodes.near, "ip route add 10.9.0.0/16 via 192.168.56.12").stderr).toBe(
      "ip: to change routes is not simulated\n",
    );
  });

  test("only root may, and a pod's own link is not simulated", () => {
    const { near, pod } = makeNodes();
    expect(near.run(["ip", "link", "set", "cni0", "down"], { who: candidate })).toMatchObject({
      status: 2,
      stderr: "RTNETLINK answers: Operation not permitted\n",
    });
    expect(run(pod(1), "ip link set eth0 down")).toMatchObject({
      status: 1,
      stderr: "ip: to change links is not simulated\n",
    });
  });
});
