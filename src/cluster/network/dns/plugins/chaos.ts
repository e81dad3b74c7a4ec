import type { Plugin } from "../define.ts";
import { emptyReply } from "../reply.ts";
import { settingFault } from "./define.ts";

/** chaos: answers who the server is, to questions of class CH. */
export const chaos: Plugin = {
  name: "chaos",
  setup({ words, host }) {
    words.next();
    const [version = "CoreDNS", ...authors] = words.remainingArgs();
    if (version.length > 255) throw settingFault("version is too long");
    const people = authors.length > 0 ? authors : ["coredns.io"];
    return {
      plugin: "chaos",
      serve(request, next) {
        const { question, name } = request;
        if (question.class !== "CH" || question.type !== "TXT") return next(request);
        const texts =
          name === "version.bind." || name === "version.server."
            ? [version]
            : name === "authors.bind."
              ? people
              : name === "hostname.bind." || name === "id.server."
                ? [host.env.get("HOSTNAME") ?? "localhost"]
                : undefined;
        if (!texts) return next(request);
        const answers = texts.map((text) => ({ name: question.name, type: "TXT" as const, ttl: 0, data: `"${text}"` }));
        return { reply: emptyReply("NOERROR", { answers }) };
      },
    };
  },
};
