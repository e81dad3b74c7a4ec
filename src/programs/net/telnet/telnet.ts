import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { converse } from "../converse.ts";
import { connectTo, lookUp } from "../reach.ts";
import { portNamed } from "../services.ts";
import { BUSYBOX_USAGE, HELP } from "./usage.ts";

const ESCAPE = "\u001d";
const declared = `4,ipv4 6,ipv6 8,binary a,login b,bind= c,no-rc d,debug e,escape= E,no-escape K,no-login l,user= L,binary-output
  n,trace= r,rlogin x,encrypt k,realm= X,disable-auth= ?,help usage V,version`;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions(declared.replace(/\s+/g, " ")), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `telnet: ${error.message}\nTry 'telnet --help' or 'telnet --usage' for more information.\n`);
    return 64;
  }
  const { given, operands } = parsed;
  const has = (key: string) => given.some((one) => one.key === key);
  if (has("?") || has("V")) {
    yield* proc.write(1, has("V") ? "telnet (GNU inetutils) 2.4\n" : HELP);
    return 0;
  }
  const [host, service = "telnet"] = operands;
  if (host === undefined) return yield* commands(proc);
  return yield* visit(proc, host, service, has("E"));
}

/** Without a host it asks for commands. */
function* commands(proc: Process): Task<number> {
  for (;;) {
    yield* proc.write(1, "telnet> ");
    const line = yield* proc.read(0);
    if (line === undefined) return 0;
    const [word = "", host, port = "23"] = line.trim().split(/\s+/);
    if (/^q(uit)?$/.test(word)) return 0;
    if (/^o(pen)?$/.test(word) && host) return yield* visit(proc, host, port, false);
    yield* proc.write(1, word === "" ? "" : "?Invalid command\n");
  }
}

function* visit(proc: Process, host: string, service: string, noEscape: boolean): Task<number> {
  const found = /^\d+$/.test(service) ? Number(service) : portNamed(service);
  const port = found ?? (service === "telnet" ? 23 : undefined);
  const lost = function* (words: string): Task<number> {
    yield* proc.write(1, `Server lookup failure:  ${host}:${service}, ${words}\n`);
    return 1;
  };
  if (port === undefined || port > 65535) return yield* lost("Servname not supported for ai_socktype");
  const address = yield* lookUp(proc, host);
  if (typeof address !== "string") return yield* lost(address.failed);
  yield* proc.write(1, `Trying ${address}...\n`);
  const listener = yield* connectTo(proc, address, port);
  if ("failed" in listener) {
    yield* proc.write(2, `telnet: Unable to connect to remote host: ${listener.words}\n`);
    return 1;
  }
  yield* proc.write(1, `Connected to ${host}.\n${noEscape ? "" : "Escape character is '^]'.\n"}`);
  const state = { asks: false };
  const end = yield* converse(proc, listener, {
    address,
    seconds: undefined,
    hangUp: true,
    sent(text) {
      if (!noEscape && text.includes(ESCAPE)) state.asks = true;
      else if (state.asks && /^(q(uit)?|c(lose)?)\s*$/.test(text)) return undefined;
      else if (state.asks) state.asks = false;
      else return text.replace(/\r?\n/g, "\r\n");
      if (state.asks) proc.terminal?.show("\ntelnet> ");
      return "";
    },
  });
  yield* proc.write(2, end === "left" ? "Connection closed.\n" : "Connection closed by foreign host.\n");
  return 0;
}

/** telnet as busybox has it (networking/telnet.c, 1.37). */
function* busybox(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("+ a l="), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `telnet: ${error.message}\n${BUSYBOX_USAGE}`);
    return 1;
  }
  const [host, service = "23"] = parsed.operands;
  const fail = function* (words: string): Task<number> {
    yield* proc.write(2, words);
    return 1;
  };
  if (host === undefined) return yield* fail(BUSYBOX_USAGE);
  const port = /^\d+$/.test(service) ? Number(service) : portNamed(service);
  if (port === undefined || port > 65535) return yield* fail(`telnet: bad port '${service}'\n`);
  const address = yield* lookUp(proc, host);
  if (typeof address !== "string") return yield* fail(`telnet: bad address '${host}'\n`);
  const listener = yield* connectTo(proc, address, port);
  if ("failed" in listener)
    return yield* fail(`telnet: can't connect to remote host (${address}): ${listener.words}\n`);
  // It writes this into a buffer, which a pipe gets at the end.
  const connected = `Connected to ${host}\n`;
  const isTerminal = proc.isTerminal(1);
  if (isTerminal) yield* proc.write(1, connected);
  yield* converse(proc, listener, { address, seconds: undefined, hangUp: true });
  yield* proc.write(1, `Connection closed by foreign host\r\n${isTerminal ? "" : connected}`);
  return 1;
}

/** telnet of GNU inetutils 2.4, as Debian 12 has it; in images of busybox, busybox' own. */
export const telnet: Program = { name: "telnet", run, busybox };
