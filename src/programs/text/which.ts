import type { Task } from "../../machine/define.ts";
import { type Call, tool } from "./define.ts";

/** which: where the shell finds a program (debianutils 5.7). */
export const which = tool({
  name: "which",
  usage: "[-a] args",
  *run(call) {
    const words = [...call.operands];
    let all = false;
    while (words[0]?.startsWith("-") && words[0] !== "-") {
      const word = words.shift();
      if (word === "--") break;
      if (word !== "-a") return yield* refuse(call, word ?? "");
      all = true;
    }
    let status = words.length === 0 ? 1 : 0;
    for (const name of words) {
      const found = placesOf(call, name);
      for (const path of all ? found : found.slice(0, 1)) call.out.put(`${path}\n`);
      if (found.length === 0) status = 1;
    }
    return status;
  },
});

function* refuse(call: Call, word: string): Task<number> {
  yield* call.proc.write(2, `Illegal option ${word.slice(0, 2)}\n`);
  call.out.put("Usage: /usr/bin/which [-a] args\n");
  return 2;
}

function placesOf(call: Call, name: string): readonly string[] {
  const folders = (call.proc.env.get("PATH") ?? "").split(":");
  const candidates = name.includes("/") ? [name] : folders.map((folder) => `${folder === "" ? "." : folder}/${name}`);
  return candidates.filter((candidate) => {
    const path = call.path(candidate);
    return call.files.find(path, call.who)?.kind === "file" && call.files.may(path, "x", call.who);
  });
}
