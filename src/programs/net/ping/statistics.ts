import type { Tally } from "./echoes.ts";

/** The last lines of ping (iputils ping_common.c finish, 20221126). */
export function statistics({ sent, times, errors, elapsed, pipe }: Tally): string {
  const received = times.length;
  const lost = sent > 0 ? Math.floor(((sent - received) * 100) / sent) : 0;
  const failed = errors > 0 ? `, +${errors} errors` : "";
  const share = sent > 0 ? `, ${percent(sent, received, lost)}% packet loss` : "";
  const head = `${sent} packets transmitted, ${received} received${failed}${share}, time ${Math.floor(elapsed / 1000)}ms\n`;
  const pipes = pipe > 1 ? `pipe ${pipe}` : "";
  if (received === 0) return `${head}${pipes}\n`;
  const average = times.reduce((sum, one) => sum + one, 0) / received;
  const squares = times.reduce((sum, one) => sum + one * one, 0) / received;
  const deviation = Math.sqrt(Math.max(0, squares - average * average));
  const ms = (micros: number) => (Math.floor(micros) / 1000).toFixed(3);
  const all = [Math.min(...times), average, Math.max(...times), deviation].map(ms).join("/");
  return `${head}rtt min/avg/max/mdev = ${all} ms${pipes ? `, ${pipes}` : ""}\n`;
}

/** Six figures, as printf's %g writes a share. */
function percent(sent: number, received: number, lost: number): string {
  const exact = ((sent - received) * 100) / sent;
  return exact === lost ? String(lost) : String(Number(exact.toPrecision(6)));
}
