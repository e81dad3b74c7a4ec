import type { Terminal } from "../../machine/terminal.ts";
import { type Call, Fail, tool } from "./define.ts";
import { quote } from "./shared/quote.ts";

/** Settings that a terminal has and this one does nothing by; their names are known. */
const others = new Set(
  `parenb parodd cmspar cs5 cs6 cs7 cs8 hupcl hup cstopb cread clocal crtscts ignbrk brkint ignpar parmrk inpck istrip
  inlcr igncr icrnl ixon ixoff iuclc ixany imaxbel iutf8 opost olcuc ocrnl onlcr onocr onlret ofill ofdel iexten echoe
  crterase echok echonl noflsh xcase tostop echoprt prterase echoctl ctlecho echoke crtkill flusho extproc evenp oddp
  parity nl pass8 litout cbreak dec crt lcase ek`.split(/\s+/),
);
const characters = new Set(
  "intr quit erase kill eof eol eol2 swtch start stop susp rprnt werase lnext discard min time ispeed ospeed line".split(
    " ",
  ),
);

/** stty: the settings of the terminal on stdin. Its size, echo and mode are simulated. */
export const stty = tool({
  name: "stty",
  usage: "[-F DEVICE] [SETTING]...",
  *run(call) {
    const terminal = call.proc.fds.get(0)?.terminal;
    if (!terminal) throw new Fail("'standard input': Inappropriate ioctl for device");
    const words = [...call.operands];
    if (words.length === 0)
      call.out.put(`speed 38400 baud; line = 0;\n-brkint -imaxbel${terminal.echo ? "" : "\n-echo"}\n`);
    while (words.length > 0) set(call, terminal, words);
    return undefined;
  },
});

function set(call: Call, terminal: Terminal, words: string[]): void {
  const word = words.shift() ?? "";
  switch (word) {
    case "-a":
    case "--all":
      call.out.put(all(terminal));
      return;
    case "size":
      call.out.put(`${terminal.rows} ${terminal.columns}\n`);
      return;
    case "speed":
      call.out.put("38400\n");
      return;
    case "sane":
    case "cooked":
    case "-raw":
      terminal.mode = "cooked";
      if (word === "sane") terminal.echo = true;
      return;
    case "raw":
    case "-cooked":
      terminal.mode = "raw";
      return;
    case "echo":
    case "-echo":
      terminal.echo = word === "echo";
      return;
    case "rows":
    case "cols":
    case "columns": {
      const text = words.shift();
      if (text === undefined) throw call.misuse(`missing argument to ${quote(word)}`);
      const size = Number(text);
      if (!/^\d+$/.test(text)) throw call.misuse(`invalid integer argument: ${quote(text)}`);
      if (word === "rows") terminal.rows = size;
      else terminal.columns = size;
      return;
    }
  }
  if (others.has(word.replace(/^-/, "")) || characters.has(word) || ["-g", "--save", "-F"].includes(word))
    throw new Fail(`${word} is not simulated`);
  throw call.misuse(`invalid argument ${quote(word)}`);
}

/** stty -a as on a pseudo terminal (coreutils 9.1). */
function all({ rows, columns, echo, mode }: Terminal): string {
  const on = (name: string, is: boolean) => (is ? name : `-${name}`);
  const cooked = mode === "cooked";
  return `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;
intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;
eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z; rprnt = ^R;
werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;
-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts
-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr ${on("icrnl", cooked)} ${on("ixon", cooked)} -ixoff
-iuclc -ixany -imaxbel -iutf8
${on("opost", cooked)} -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0
${on("isig", cooked)} ${on("icanon", cooked)} ${on("iexten", cooked)} ${on("echo", echo)} echoe echok -echonl -noflsh -xcase -tostop -echoprt
echoctl echoke -flusho -extproc
`;
}
