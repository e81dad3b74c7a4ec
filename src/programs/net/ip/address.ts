import { linksOf } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import { chooseLinks } from "./choose-links.ts";
import { type IpCall, type IpObject, keyword, refuseChange, unknownCommand } from "./define.ts";
import { jsonText } from "./json-text.ts";
import { checkDevice, noteDetails } from "./link.ts";
import { addressLines, briefLine, linkJson, linkLines, shownAddresses, statisticsLines } from "./link-text.ts";

const USAGE = `Usage: ip address {add|change|replace} IFADDR dev IFNAME [ LIFETIME ]
                                                      [ CONFFLAG-LIST ]
       ip address del IFADDR dev IFNAME [mngtmpaddr]
       ip address {save|flush} [ dev IFNAME ] [ scope SCOPE-ID ]
                            [ to PREFIX ] [ FLAG-LIST ] [ label LABEL ] [up]
       ip address [ show [ dev IFNAME ] [ scope SCOPE-ID ] [ master DEVICE ]
                         [ nomaster ]
                         [ type TYPE ] [ to PREFIX ] [ FLAG-LIST ]
                         [ label LABEL ] [up] [ vrf NAME ] ]
       ip address {showdump|restore}
`;

const commands = ["add", "change", "chg", "replace", "delete", "show", "lst", "list", "flush", "save", "help"] as const;

/** `ip address`. */
export const address: IpObject = {
  name: "address",
  *run(call) {
    const [word = "show", ...rest] = call.words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "address");
    if (command === "help") {
      yield* call.proc.write(2, USAGE);
      return 255;
    }
    if (command !== "show" && command !== "list" && command !== "lst") {
      checkDevice(call, rest, command !== "flush");
      refuseChange(call, "addresses");
    }
    return yield* show({ ...call, words: rest });
  },
};

function* show(call: IpCall): Task<number> {
  const { proc, options } = call;
  const { links, keeps, byAddress, byScope } = chooseLinks(call);
  const shown = links
    .map((link, rank) => ({ link, rank, addresses: shownAddresses(link, options).filter(keeps) }))
    .filter(({ link, addresses }) => {
      if (options.family !== undefined || byAddress) return addresses.length > 0;
      return !byScope || addresses.length > 0 || link.addresses.length === 0;
    });
  if (options.json) {
    const items = shown.map(({ link, rank, addresses }) => linkJson(link, addresses, Math.max(0, rank - 4)));
    yield* proc.write(1, `${jsonText(items, options.pretty)}\n`);
    return 0;
  }
  yield* noteDetails(
    call,
    shown.map(({ link }) => link),
  );
  for (const { link, addresses } of shown) {
    if (options.brief) {
      yield* proc.write(
        1,
        briefLine(
          link,
          addresses.map((one) => `${one.address}/${one.prefix}`),
        ),
      );
      continue;
    }
    const head = options.oneLine
      ? ""
      : linkLines(link, false, byAddress ? { ...options, family: 4 } : options, linksOf(proc.machine));
    yield* proc.write(1, head + addresses.map((one) => addressLines(link, one, options)).join(""));
    if (options.statistics && !options.oneLine) yield* proc.write(1, `${statisticsLines("\n").slice(1)}\n`);
  }
  return 0;
}
