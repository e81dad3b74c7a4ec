import type { Plugin } from "../define.ts";
import { onlyOnce } from "./define.ts";

/** root: where the files of other plugins lie. */
export const root: Plugin = {
  name: "root",
  setup({ words, shared, host }) {
    for (const _ of onlyOnce(words)) {
      if (!words.nextArg()) throw words.argumentFault();
      shared.root = words.value;
      if (host.read(words.value) === undefined && !host.isFolder(words.value))
        host.say(`[WARNING] plugin/root: Root path does not exist: ${words.value}`);
    }
    return undefined;
  },
};
