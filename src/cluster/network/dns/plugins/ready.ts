import type { Plugin } from "../define.ts";
import { hostPort, onlyOnce, pageAt } from "./define.ts";

/** ready: /ready of the process, which names the plugins that are not ready. */
export const ready: Plugin = {
  name: "ready",
  setup(context) {
    const { words, shared, host } = context;
    for (const _ of onlyOnce(words)) {
      const [address = ":8181", ...more] = words.remainingArgs();
      if (more.length > 0) throw words.argumentFault();
      const { host: own, port } = hostPort(address);
      while (words.nextBlock()) {
        if (words.value !== "monitor") throw words.argumentFault();
        const [how] = words.remainingArgs();
        if (how !== "until-ready" && how !== "continuously") throw words.fault(`monitor type '${how}' not supported`);
      }
      // A plugin that was ready once is not asked again (monitor until-ready).
      const done = new Set<string>();
      const answer = pageAt("/ready", () => {
        const missing: string[] = [];
        for (const [name, isReady] of shared.readiness)
          if (!done.has(name)) {
            if (isReady()) done.add(name);
            else missing.push(name);
          }
        if (missing.length === 0) return { status: 200, body: "OK" };
        const text = missing.sort().join(",");
        host.say(`[INFO] plugin/ready: Plugins not ready: "${text}"`);
        return { status: 503, body: text };
      });
      context.serves({ address: own, port, answer });
    }
    return undefined;
  },
};
