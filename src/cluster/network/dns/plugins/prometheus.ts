import type { Plugin } from "../define.ts";
import { questionSize, replySize } from "../wire-size.ts";
import { hostPort, onlyOnce, pageAt } from "./define.ts";

/** prometheus: counts questions and answers, and shows them at /metrics. */
export const prometheus: Plugin = {
  name: "prometheus",
  setup(context) {
    const { words, shared } = context;
    for (const _ of onlyOnce(words)) {
      const [address = "localhost:9153", ...more] = words.remainingArgs();
      if (more.length > 0) throw words.argumentFault();
      const { host, port } = hostPort(address);
      const own = host === "localhost" ? "127.0.0.1" : host;
      context.serves({
        address: own,
        port,
        answer: pageAt("/metrics", () => ({ status: 200, body: shared.metrics.page() })),
      });
    }
    const server = `dns://${context.listens}`;
    return {
      plugin: "prometheus",
      serve(request, next) {
        const { question, zone } = request;
        const proto = question.protocol === "TCP" ? "tcp" : "udp";
        const { metrics } = shared;
        const labels = { server, view: "", zone };
        metrics.add("coredns_dns_requests_total", { family: "1", proto, ...labels, type: question.type });
        metrics.add("coredns_dns_request_size_bytes_sum", { proto, ...labels }, questionSize(question));
        metrics.add("coredns_dns_request_size_bytes_count", { proto, ...labels });
        const outcome = next(request);
        if (!outcome.reply) return outcome;
        const { rcode } = outcome.reply;
        metrics.add("coredns_dns_responses_total", { plugin: "", rcode, ...labels });
        metrics.add("coredns_dns_response_size_bytes_sum", { proto, ...labels }, replySize(question, outcome.reply));
        metrics.add("coredns_dns_response_size_bytes_count", { proto, ...labels });
        return outcome;
      },
    };
  },
};
