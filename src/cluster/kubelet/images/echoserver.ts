import { daemon, plainText } from "./daemon.ts";
import type { Image } from "./define.ts";

const server = daemon({
  name: "echoserver",
  folder: "/",
  start(proc) {
    const { env, machine } = proc;
    const about = (words: string, name: string) => (env.get(name) ? `\t${words}:\t${env.get(name)}\n` : "");
    const pod =
      about("node name", "NODE_NAME") +
      about("pod name", "POD_NAME") +
      about("pod namespace", "POD_NAMESPACE") +
      about("pod IP", "POD_IP");
    return {
      ports: [
        {
          port: 8080,
          http: ({ method, path, headers, from, body }) => {
            const names = Object.keys(headers).sort();
            const query = path.split("?")[1] ?? "";
            return plainText(
              `\n\nHostname: ${machine.name}\n\nPod Information:\n${pod || "\t-no pod information available-\n"}\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address=${from ?? ""}\n\tmethod=${method}\n\treal path=${path}\n\tquery=${query}\n\trequest_version=1.1\n\trequest_scheme=http\n\trequest_uri=http://${headers.host ?? ""}:8080${path}\n\nRequest Headers:\n${names.map((name) => `\t${name}=${headers[name]}\n`).join("")}\nRequest Body:\n${typeof body === "string" && body ? body : "\t-no body in request-"}\n\n`,
            );
          },
        },
      ],
      says: ["Generating self-signed cert", "Starting nginx"],
    };
  },
});

/** The server that tells of the request it got. */
export const echoserver: Image = {
  repository: "registry.k8s.io/echoserver",
  tags: ["1.10", "1.9", "1.8", "1.4"],
  size: 36_000_000,
  usage: { cpu: 0.2, memory: 4 },
  cmd: ["/echoserver"],
  programs: [server],
  userland: "debian",
  tools: ["curl"],
};
