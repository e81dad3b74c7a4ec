import { parseIp } from "../../../base/cidr.ts";
import { linksOf, wayTo } from "../../../cluster/network/links/links.ts";
import type { Program, Task } from "../../../machine/define.ts";
import type { Process } from "../../../machine/process.ts";
import { compileOptions, OptionError, parseOptions } from "../../text/options.ts";
import { nameByAddress } from "../names.ts";
import { lookUp } from "../reach.ts";
import { outcomeOf } from "../round-trip.ts";

const USAGE = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and ip
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no dns name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  dns name or ip address

For more details see tracepath(8).
`;

function* run(proc: Process, argv: readonly string[]): Task<number> {
  let parsed: ReturnType<typeof parseOptions>;
  try {
    parsed = parseOptions(compileOptions("4 6 b l= m= n p= V h"), argv);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    yield* proc.write(2, `tracepath: ${error.message}\n${USAGE}`);
    return 255;
  }
  const { given, operands } = parsed;
  const has = (key: string) => given.some((one) => one.key === key);
  const [host] = operands;
  if (has("V")) {
    yield* proc.write(1, "tracepath from iputils 20221126\n");
    return 0;
  }
  if (host === undefined || has("h")) {
    yield* proc.write(2, USAGE);
    return 255;
  }
  const address = yield* lookUp(proc, host);
  if (typeof address !== "string" || !parseIp(address)) {
    yield* proc.write(
      2,
      `tracepath: ${host}: ${typeof address === "string" ? "Name or service not known" : address.failed}\n`,
    );
    return 1;
  }
  const way = wayTo(proc.machine, address);
  if (!way) {
    yield* proc.write(1, " 1:  send failed\n     Resume: pmtu 65535 \n");
    return 0;
  }
  const mtu = way.local ? 65_535 : (linksOf(proc.machine).find(({ name }) => name === way.route.dev)?.mtu ?? 1500);
  if (!way.local) yield* proc.write(1, ` 1?: [LOCALHOST]                      pmtu ${mtu}\n`);
  const most = Number(given.findLast(({ key }) => key === "m")?.value ?? 30);
  yield* trace(proc, address, { mtu, most, has, twice: !way.local });
  return 0;
}

interface Path {
  readonly mtu: number;
  readonly most: number;
  readonly has: (key: string) => boolean;
  /** The first router is asked twice, as the size of packets is looked for. */
  readonly twice: boolean;
}

function* trace(proc: Process, address: string, { mtu, most, has, twice }: Path): Task {
  for (let ttl = 1; ttl <= most; ttl++) {
    for (let again = 0; again < (ttl === 1 && twice ? 2 : 1); again++) {
      const outcome = outcomeOf(proc, { address, ttl, number: ttl * 2 + again });
      const number = `${String(ttl).padStart(2)}:  `;
      if (outcome.kind !== "reply" && outcome.kind !== "error") {
        yield* proc.sleep(3);
        yield* proc.write(1, `${number}no reply\n`);
        break;
      }
      yield* proc.sleep(outcome.micros / 1_000_000);
      const name = has("n") ? undefined : yield* nameByAddress(proc, outcome.from);
      const who = has("b") ? `${name ?? outcome.from} (${outcome.from})` : has("n") ? outcome.from : (name ?? "???");
      const time = `${(outcome.micros / 1000).toFixed(3).padStart(6)}ms`;
      const end = outcome.kind === "reply" ? "reached" : outcome.words === "Destination Host Unreachable" ? "!H" : "";
      yield* proc.write(1, `${number}${who.padEnd(52)} ${time} ${end}\n`);
      if (end === "" || (end === "reached" && again === 0 && ttl === 1 && twice)) continue;
      const back = end === "reached" ? `hops ${ttl} back ${ttl} ` : "";
      yield* proc.write(1, `     Resume: pmtu ${mtu} ${back}\n`);
      return;
    }
  }
  yield* proc.write(1, `     Too many hops: pmtu ${mtu}\n     Resume: pmtu ${mtu} \n`);
}

/** tracepath of iputils 20221126. */
export const tracepath: Program = { name: "tracepath", run };
