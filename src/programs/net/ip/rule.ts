import { type IpObject, keyword, refuseChange, unknownCommand } from "./define.ts";

const commands = ["list", "lst", "show", "add", "delete", "flush", "save", "help"] as const;

/** `ip rule`: the kernel's own three. */
export const rule: IpObject = {
  name: "rule",
  *run(call) {
    const [word = "list"] = call.words;
    const command = keyword(word, commands);
    if (command === undefined) unknownCommand(word, "rule");
    if (command !== "list" && command !== "lst" && command !== "show") refuseChange(call, "rules");
    const tables: readonly (readonly [number, string])[] = [
      [0, "local"],
      [32766, "main"],
      ...(call.options.family === 6 ? [] : [[32767, "default"] as const]),
    ];
    for (const [order, table] of tables) yield* call.proc.write(1, `${order}:\tfrom all lookup ${table}\n`);
    return 0;
  },
};
