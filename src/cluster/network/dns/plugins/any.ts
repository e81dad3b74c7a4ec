import type { Plugin } from "../define.ts";
import { emptyReply } from "../reply.ts";

/** any: the short answer to questions for records of any type (RFC 8482). */
export const any: Plugin = {
  name: "any",
  setup: ({ words }) => {
    words.next();
    return {
      plugin: "any",
      serve(request, next) {
        if (request.question.type !== "ANY") return next(request);
        const answer = {
          name: request.question.name,
          type: "HINFO",
          ttl: 8482,
          data: '"ANY obsoleted" "See RFC 8482"',
        } as const;
        return { reply: emptyReply("NOERROR", { answers: [answer] }) };
      },
    };
  },
};
