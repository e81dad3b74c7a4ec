import type { Process } from "../../../machine/process.ts";
import { nameOf } from "../names.ts";
import { serviceOf } from "../services.ts";
import { commandOf, type OpenSocket } from "../sockets/open-sockets.ts";

/** How addresses and ports are written. */
export interface Naming {
  readonly proc: Process;
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
}

/** An address and port as netstat writes them. */
export function endText(naming: Naming, { address, family, port, protocol }: OpenSocket): string {
  const isAny = address === "0.0.0.0" || address === "::";
  const host = naming.numericHosts
    ? address
    : isAny
      ? family === 6
        ? "[::]"
        : "0.0.0.0"
      : (nameOf(naming.proc, address) ?? address);
  const service = naming.numericPorts ? undefined : serviceOf(port, protocol);
  return `${host}:${service ?? port}`;
}

export function anyText({ numericHosts }: Naming, { family }: OpenSocket): string {
  return family === 6 ? (numericHosts ? ":::*" : "[::]:*") : "0.0.0.0:*";
}

/** The process and program of a socket, in nineteen letters: 1841/kube-apiserver; - where one may not know. */
export function programText({ holder }: OpenSocket): string {
  if (!holder) return "-";
  const { proc, pid } = holder;
  const command = proc.argv.join(" ");
  const name = command.startsWith("/") ? commandOf(proc) : command.replace(/ .*/s, "");
  const shown = proc.argv[0]?.includes(":") ? command : name;
  return `${pid}/${shown}`.slice(0, 19);
}
