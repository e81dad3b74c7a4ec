import { ipVersion } from "../../../base/cidr.ts";
import { linksOf, neighboursOf } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import { type IpCall, IpFault, type IpObject, keyword, refuseChange, unknownCommand } from "./define.ts";
import { jsonText } from "./json-text.ts";

const commands = ["add", "change", "chg", "replace", "delete", "get", "show", "lst", "list", "flush", "help"] as const;
const USAGE = `Usage: ip neigh { add | del | change | replace }
                { ADDR [ lladdr LLADDR ] [ nud STATE ] proxy ADDR }
                [ dev DEV ] [ router ] [ use ] [ managed ] [ extern_learn ]
                [ protocol PROTO ]

	ip neigh { show | flush } [ proxy ] [ to PREFIX ] [ dev DEV ] [ nud STATE ]
				  [ vrf NAME ] [ nomaster ]
	ip neigh get { ADDR | proxy ADDR } dev DEV

STATE := { delay | failed | incomplete | noarp | none |
           permanent | probe | reachable | stale }
`;

/** `ip neighbour`. */
export const neighbour: IpObject = {
  name: "neighbour",
  *run(call) {
    const [word = "show", ...rest] = call.words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "neigh");
    if (command === "help") {
      yield* call.proc.write(2, USAGE);
      return 255;
    }
    if (command !== "show" && command !== "list" && command !== "lst") refuseChange(call, "neighbours");
    return yield* show({ ...call, words: rest });
  },
};

function* show({ proc, options, words }: IpCall): Task<number> {
  let dev: string | undefined;
  let state: string | undefined;
  let to: string | undefined;
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "dev") dev = words[++i];
    else if (words[i] === "nud") state = words[++i]?.toUpperCase();
    else to = words[i] === "to" ? words[++i] : words[i];
  }
  if (dev !== undefined && !linksOf(proc.machine).some(({ name }) => name === dev))
    throw new IpFault(`Cannot find device "${dev}"`, 1);
  const shown = neighboursOf(proc.machine).filter(
    (one) =>
      (options.family === undefined || ipVersion(one.address) === options.family) &&
      (dev === undefined || one.dev === dev) &&
      (state === undefined || state === "ALL" || one.state === state) &&
      (to === undefined || to.replace(/\/32$/, "") === one.address),
  );
  if (options.json) {
    const items = shown.map((one) => ({
      dst: one.address,
      ...(dev === undefined ? { dev: one.dev } : {}),
      lladdr: one.mac,
      state: [one.state],
    }));
    yield* proc.write(1, `${jsonText(items, options.pretty)}\n`);
    return 0;
  }
  for (const one of shown) {
    const device = dev === undefined ? `dev ${one.dev} ` : "";
    const brief = `${one.address.padEnd(39)} ${one.dev.padEnd(16)} ${one.mac}\n`;
    yield* proc.write(1, options.brief ? brief : `${one.address} ${device}lladdr ${one.mac} ${one.state} \n`);
  }
  return 0;
}
