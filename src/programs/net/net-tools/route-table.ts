import type { OldRoute } from "./define.ts";

/** The routing table as `route` prints it; `netstat -r` (or -e) has other columns. */
export function routeTable(routes: readonly OldRoute[], numeric: boolean, wide: boolean, any: string): string {
  const head = wide ? "Flags   MSS Window  irtt Iface" : "Flags Metric Ref    Use Iface";
  const lines = routes.map(({ target, gateway, mask, flags, metric, dev }) => {
    const name = !numeric && mask === "0.0.0.0" ? "default" : target;
    const by = !numeric && gateway === "0.0.0.0" ? any : gateway;
    const start = [name, by, mask].map((one) => one.padEnd(15)).join(" ");
    const rest = wide
      ? `${flags.padEnd(5)} ${"0".padStart(5)} ${"0".padEnd(5)} ${"0".padStart(6)} ${dev}`
      : `${flags.padEnd(5)} ${String(metric).padEnd(6)} ${"0".padEnd(2)} ${"0".padStart(7)} ${dev}`;
    return `${start} ${rest}\n`;
  });
  return `Kernel IP routing table\nDestination     Gateway         Genmask         ${head}\n${lines.join("")}`;
}
