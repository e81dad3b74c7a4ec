import { tool } from "./define.ts";

const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

/** envsubst: $NAME and ${NAME} become what the environment says (gettext 0.21). */
export const envsubst = tool({
  name: "envsubst",
  from: "(GNU gettext-runtime) 0.21",
  usage: "[OPTION] [SHELL-FORMAT]",
  options: "v,variables",
  *run(call) {
    const [format, extra] = call.operands;
    if (extra !== undefined) throw call.misuse("too many arguments");
    const named = format === undefined ? undefined : new Set(namesIn(format));
    if (call.has("v")) {
      if (!named) throw call.misuse("missing arguments");
      for (const name of namesIn(format ?? "")) call.out.put(`${name}\n`);
      return undefined;
    }
    const { env } = call.proc;
    yield* call.eachFile(["-"], function* (input) {
      for (let line = yield* input.line(); line !== undefined; line = yield* input.line()) {
        const text = line.replace(variable, (whole, plain?: string, braced?: string) => {
          const name = plain ?? braced ?? "";
          return named && !named.has(name) ? whole : (env.get(name) ?? "");
        });
        call.out.put(text + (input.terminated ? "\n" : ""));
      }
    });
    return undefined;
  },
});

function namesIn(format: string): string[] {
  return [...format.matchAll(variable)].map(([, plain, braced]) => plain ?? braced ?? "");
}
