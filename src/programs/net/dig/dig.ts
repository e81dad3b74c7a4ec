import { reverseOf } from "../../../cluster/network/dns/names.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { ask, type Heard, namesInTurn, resolvConf } from "../dns.ts";
import { lookUp } from "../reach.ts";
import { DigFault, type DigLine, readLine, type Settings, type Wanted } from "./options.ts";
import { answerText } from "./print-answer.ts";

const VERSION = "DiG 9.18.41-1~deb12u1-Debian";
const help = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]
`;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  if (argv[0] === "-v") {
    yield* proc.write(2, `${VERSION}\n`);
    return 0;
  }
  if (argv[0] === "-h") {
    yield* proc.write(1, `${help}The list of all options is not simulated: man dig has it.\n`);
    return 0;
  }
  let line: DigLine;
  try {
    line = readLine(argv);
  } catch (error) {
    if (!(error instanceof DigFault)) throw error;
    yield* proc.write(1, error.printed);
    yield* proc.write(2, error.message);
    return error.status;
  }
  yield* proc.write(2, line.warned);
  const address = line.server === undefined ? undefined : yield* lookUp(proc, line.server);
  if (address !== undefined && typeof address !== "string") {
    yield* proc.write(2, `dig: couldn't get address for '${line.server}': not found\n`);
    return 1;
  }
  const servers = address === undefined ? resolvConf(proc).nameservers : [address];
  let status = 0;
  let isFirst = true;
  for (const wanted of line.wanted) {
    status = yield* lookedUp(proc, line, wanted, servers, isFirst && line.hasHead);
    isFirst = false;
  }
  return status;
}

/** The head of the output: the command line again. */
function banner({ argv }: Process, hasServer: boolean): string {
  const words = argv.slice(1).join(" ");
  const found = hasServer ? "; (1 server found)\n" : "";
  return `\n; <<>> ${VERSION} <<>>${words === "" ? "" : ` ${words}`}\n${found};; global options: +cmd\n`;
}

function* lookedUp(
  proc: Process,
  line: DigLine,
  wanted: Wanted,
  servers: readonly string[],
  withBanner: boolean,
): Task<number> {
  const { settings } = wanted;
  const reverse = wanted.isReverse ? reverseOf(wanted.name) : undefined;
  const name = reverse ?? wanted.name;
  const names =
    settings.search && !reverse ? namesInTurn(name, resolvConf(proc)) : [name.endsWith(".") ? name : `${name}.`];
  const cookie = settings.edns && settings.cookie ? proc.machine.kernel.random.hex(16) : undefined;
  const head = withBanner ? banner(proc, line.server !== undefined) : "";
  let asked = names[0] ?? ".";
  for (asked of names) {
    const got = yield* heardFrom(proc, { wanted, name: asked, servers, port: line.port, cookie });
    if (!got) {
      yield* proc.write(1, `${head};; no servers could be reached\n`);
      return 9;
    }
    const { heard, server } = got;
    if (heard.reply.rcode !== "NOERROR" && asked !== names.at(-1)) continue;
    const text = settings.short
      ? heard.reply.answers.map(({ data }) => `${data}\n`).join("")
      : answerText(proc, { wanted, name: asked, server, shown: line.server ?? server, port: line.port, cookie, heard });
    yield* proc.write(1, settings.short ? text : head + text);
    return 0;
  }
  return 0;
}

interface Round {
  readonly wanted: Wanted;
  readonly name: string;
  readonly servers: readonly string[];
  readonly port: number;
  readonly cookie: string | undefined;
}

/** Asks the first server several times, each further one once more. */
function* heardFrom(
  proc: Process,
  { wanted, name, servers, port, cookie }: Round,
): Task<{ readonly heard: Extract<Heard, { reply: unknown }>; readonly server: string } | undefined> {
  const { time, tries, tcp, edns, bufsize } = wanted.settings as Settings;
  let left = tries;
  for (const server of servers)
    for (let first = true; first || left > 0; first = false) {
      left--;
      const heard = yield* ask(proc, {
        server,
        port,
        name,
        type: wanted.type,
        patience: time,
        // Questions for everything go over TCP.
        tcp: tcp || wanted.type === "ANY",
        ...(wanted.class === "CH" ? { class: "CH" } : {}),
        ...(edns ? { edns: cookie === undefined ? { size: bufsize } : { size: bufsize, cookie } } : {}),
      });
      if ("reply" in heard) return { heard, server };
      yield* proc.write(1, `;; communications error to ${server}#${port}: ${heard.failed}\n`);
    }
  return undefined;
}

/** dig of BIND 9.18 (dnsutils). */
export const dig: Program = { name: "dig", run };
