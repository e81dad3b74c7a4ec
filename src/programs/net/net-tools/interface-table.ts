import type { Link } from "../../../cluster/network/links/define.ts";

const letters: readonly (readonly [flag: string, letter: string])[] = [
  ["BROADCAST", "B"],
  ["LOOPBACK", "L"],
  ["MULTICAST", "M"],
  ["NOARP", "O"],
  ["LOWER_UP", "R"],
  ["UP", "U"],
];

/** The table of `netstat -i` and `ifconfig -s`. */
export function interfaceTable(links: readonly Link[], head: string): string {
  const counts = [0, 0, 0].map((n) => String(n).padStart(6));
  const lines = links.map(({ name, mtu, flags }) => {
    const set = letters.filter(([flag]) => flags.includes(flag)).map(([, letter]) => letter);
    const half = `${"0".padStart(8)} ${counts[0]} ${counts[1]} ${"0".padEnd(6)}`;
    const other = `${"0".padStart(8)} ${counts.join(" ")}`;
    return `${name.slice(0, 16).padEnd(16)}${String(mtu).padStart(5)} ${half} ${other} ${set.join("")}\n`;
  });
  return `${head}   RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n${lines.join("")}`;
}
