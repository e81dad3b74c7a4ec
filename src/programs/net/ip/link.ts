import type { Link } from "../../../cluster/network/links/define.ts";
import { setLink } from "../../../cluster/network/links/link-state.ts";
import { linksOf } from "../../../cluster/network/links/links.ts";
import type { Task } from "../../../machine/define.ts";
import { chooseLinks } from "./choose-links.ts";
import { type IpCall, IpFault, type IpObject, keyword, refuseChange, unknownCommand } from "./define.ts";
import { jsonText } from "./json-text.ts";
import { briefLine, hidesDetails, linkJson, linkLines } from "./link-text.ts";

const USAGE = `Usage: ip link add [link DEV | parentdev NAME] [ name ] NAME type TYPE [ ARGS ]
	ip link delete { DEVICE | dev DEVICE | group DEVGROUP } type TYPE [ ARGS ]

	ip link set { DEVICE | dev DEVICE | group DEVGROUP }
			[ { up | down } ]

	ip link show [ DEVICE | group GROUP ] [up] [master DEV] [vrf NAME] [type TYPE]
		[nomaster]

	ip link help [ TYPE ]
`;

const commands = ["add", "set", "change", "replace", "del", "delete", "show", "lst", "list", "xstats", "help"] as const;

/** `ip link`. */
export const link: IpObject = {
  name: "link",
  *run(call) {
    const [word = "show", ...rest] = call.words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "link");
    if (command === "help") {
      yield* call.proc.write(2, USAGE);
      return 255;
    }
    if (command === "set" || command === "change") return set(call, rest);
    if (command === "del" || command === "delete") {
      checkDevice(call, rest[0] === "dev" ? rest : ["dev", ...rest], true);
      refuseChange(call, "links");
    }
    if (command !== "show" && command !== "list" && command !== "lst") refuseChange(call, "links");
    return yield* show({ ...call, words: rest });
  },
};

/** `ip link set X up` and `down`: of a host's links; a pod's own are what its plugin made them. */
function set(call: IpCall, words: readonly string[]): number {
  const [name = "", ...what] = words[0] === "dev" ? words.slice(1) : words;
  if (name === "") throw new IpFault('Not enough of information: "dev" argument is required.', 255);
  checkDevice(call, ["dev", name], true);
  const [state] = what;
  const { machine, credentials } = call.proc;
  if (credentials.uid !== 0) refuseChange(call, "links");
  const found = linksOf(machine).find((one) => one.name === name);
  if (what.length === 1 && state === "up" && found?.flags.includes("UP")) return 0;
  const host = machine.host ?? machine;
  if (what.length === 1 && (state === "up" || state === "down") && machine.net === host.net && name !== "lo") {
    setLink(host, name, state);
    return 0;
  }
  if (
    state === undefined ||
    /^(up|down|mtu|name|address|master|nomaster|promisc|arp|txqueuelen|type|netns|multicast|alias|group)$/.test(state)
  )
    return refuseChange(call, "links");
  throw new IpFault(`Error: either "dev" is duplicate, or "${state}" is a garbage.`, 255);
}

/** Looks whether the device that follows `dev` is there. */
export function checkDevice(call: IpCall, words: readonly string[], needed: boolean): void {
  const at = words.lastIndexOf("dev");
  const name = at < 0 ? undefined : words[at + 1];
  if (name === undefined) {
    if (needed) throw new IpFault('Not enough information: "dev" argument is required.', 1);
    return;
  }
  if (!linksOf(call.proc.machine).some((one) => one.name === name))
    throw new IpFault(`Cannot find device "${name}"`, 1);
}

function* show(call: IpCall): Task<number> {
  const { proc, options } = call;
  const { links } = chooseLinks(call);
  if (options.json) {
    const items = links.map((one, rank) => linkJson(one, undefined, Math.max(0, rank - 4)));
    yield* proc.write(1, `${jsonText(items, options.pretty)}\n`);
    return 0;
  }
  yield* noteDetails(call, links);
  for (const one of links)
    yield* proc.write(
      1,
      options.brief
        ? briefLine(one, [one.mac, `<${one.flags.join(",")}>`])
        : linkLines(one, true, options, linksOf(proc.machine)),
    );
  return 0;
}

/** Says of which links -d does not know more. */
export function* noteDetails({ proc, options }: IpCall, links: readonly Link[]): Task {
  const hidden = options.details ? links.filter(hidesDetails) : [];
  if (hidden.length > 0)
    yield* proc.write(2, `ip: details of ${hidden.map(({ name }) => name).join(", ")} are not simulated\n`);
}
