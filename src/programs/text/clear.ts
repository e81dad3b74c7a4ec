import { Fail, tool } from "./define.ts";

/** clear: an empty screen, and nothing to scroll back to. */
export const clear = tool({
  name: "clear",
  usage: "[-x]",
  options: "x T= V",
  *run(call) {
    call.out.put(`\x1b[H\x1b[2J${call.has("x") ? "" : "\x1b[3J"}`);
    return undefined;
  },
});

const fixed: Readonly<Record<string, string>> = {
  clear: "\x1b[H\x1b[2J\x1b[3J",
  bold: "\x1b[1m",
  dim: "\x1b[2m",
  sgr0: "\x1b(B\x1b[m",
  smul: "\x1b[4m",
  rmul: "\x1b[24m",
  rev: "\x1b[7m",
  smso: "\x1b[7m",
  rmso: "\x1b[27m",
  blink: "\x1b[5m",
  civis: "\x1b[?25l",
  cnorm: "\x1b[?12l\x1b[?25h",
  el: "\x1b[K",
  ed: "\x1b[J",
  home: "\x1b[H",
  smcup: "\x1b[?1049h\x1b[22;0;0t",
  rmcup: "\x1b[?1049l\x1b[23;0;0t",
  sc: "\x1b7",
  rc: "\x1b8",
  bel: "\x07",
  op: "\x1b[39;49m",
};

/** tput: what a terminal of today understands. */
export const tput = tool({
  name: "tput",
  usage: "[-T type] capability [parameters]",
  options: "T= S V x",
  *run(call) {
    const [capability, ...parameters] = call.operands;
    if (capability === undefined) throw new Fail("usage: tput [-T type] capability [parameters]", 2);
    const [first = 0, second = 0] = parameters.map(Number);
    const { terminal } = call.proc;
    if (capability === "cols") call.out.put(`${terminal?.columns ?? 80}\n`);
    else if (capability === "lines") call.out.put(`${terminal?.rows ?? 24}\n`);
    else if (capability === "colors") call.out.put("256\n");
    else if (capability === "longname") call.out.put("xterm with 256 colors");
    else if (capability === "setaf" || capability === "setab")
      call.out.put(color(first, capability === "setaf" ? 3 : 4));
    else if (capability === "cup") call.out.put(`\x1b[${first + 1};${second + 1}H`);
    else if (capability === "init" || capability === "reset") call.out.put("\x1b[!p\x1b[?3;4l\x1b[4l\x1b>");
    else {
      const text = fixed[capability];
      if (text === undefined) throw new Fail(`unknown terminfo capability '${capability}'`, 4);
      call.out.put(text);
    }
    return undefined;
  },
});

function color(number: number, ground: number): string {
  if (number < 8) return `\x1b[${ground}${number}m`;
  return number < 16 ? `\x1b[${ground + 6}${number - 8}m` : `\x1b[${ground}8;5;${number}m`;
}
