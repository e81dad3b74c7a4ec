import { Errno } from "../../machine/define.ts";
import { startCommand } from "../../machine/exec.ts";
import { Fail, tool } from "./define.ts";
import { quote, quoteAlways } from "./shared/quote.ts";

/** env: shows the environment, or runs a command in a changed one. */
export const env = tool({
  name: "env",
  usage: "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]",
  options: "+ i,ignore-environment 0,null u,unset= C,chdir= S,split-string= v,debug",
  trouble: 125,
  *run(call) {
    const words = call.has("S")
      ? [...(call.value("S") ?? "").split(/\s+/).filter((word) => word !== ""), ...call.operands]
      : [...call.operands];
    const dash = words[0] === "-";
    if (dash) words.shift();
    const variables = call.has("i") || dash ? new Map<string, string>() : new Map(call.proc.env);
    for (const { key, value = "" } of call.given) {
      if (key !== "u") continue;
      if (value === "" || value.includes("=")) throw new Fail(`cannot unset ${quoteAlways(value)}: Invalid argument`);
      variables.delete(value);
    }
    while (words[0]?.includes("=")) {
      const word = words.shift() ?? "";
      variables.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1));
    }
    if (words.length === 0) {
      for (const [name, value] of variables) call.out.put(`${name}=${value}${call.has("0") ? "\0" : "\n"}`);
      return undefined;
    }
    const folder = call.value("C");
    const cwd = folder === undefined ? undefined : call.path(folder);
    try {
      return yield* call.proc.waitFor(
        startCommand(call.proc, words, { env: variables, ...(cwd === undefined ? {} : { cwd }) }),
      );
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Fail(`${quote(words[0] ?? "")}: ${error.message}`, error.code === "ENOENT" ? 127 : 126);
    }
  },
});

/** printenv: shows variables. */
export const printenv = tool({
  name: "printenv",
  usage: "[OPTION]... [VARIABLE]...",
  options: "+ 0,null",
  trouble: 2,
  *run(call) {
    const end = call.has("0") ? "\0" : "\n";
    if (call.operands.length === 0) for (const [name, value] of call.proc.env) call.out.put(`${name}=${value}${end}`);
    for (const name of call.operands) {
      const value = call.proc.env.get(name);
      if (value === undefined) call.status = 1;
      else call.out.put(value + end);
    }
    return undefined;
  },
});
