import { parseIp } from "../../../../base/cidr.ts";
import { goQuote } from "../../../../base/go-text.ts";
import type { Plugin } from "../define.ts";
import { settingFault } from "./define.ts";

/** bind: listens on some addresses instead of all. */
export const bind: Plugin = {
  name: "bind",
  setup({ words, shared, host }) {
    while (words.next()) {
      const args = words.remainingArgs();
      const found: string[] = [];
      while (words.nextBlock()) {
        if (words.value !== "except") throw settingFault(`unknown option ${goQuote(words.value)}`);
        words.remainingArgs();
      }
      if (args.length === 0) throw settingFault("at least one address or interface name is expected");
      for (const arg of args) {
        if (arg === "lo") found.push("127.0.0.1");
        else if (arg === "eth0") found.push(...host.addresses);
        else if (parseIp(arg)) found.push(arg);
        else throw settingFault(`not a valid IP address or interface name: ${goQuote(arg)}`);
      }
      shared.binds.push(...found);
    }
    return undefined;
  },
};
