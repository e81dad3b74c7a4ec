import { daemon } from "./daemon.ts";
import type { Image } from "./define.ts";

/** What one request costs, in microseconds of a core: a million square roots in PHP 5.6. */
const PER_REQUEST = 40_000;

const server = daemon({
  name: "apache2-foreground",
  start(proc) {
    return {
      ports: [
        {
          port: 80,
          http: () => {
            proc.machine.compute(PER_REQUEST);
            return {
              status: 200,
              headers: {
                server: "Apache/2.4.10 (Debian)",
                "x-powered-by": "PHP/5.6.14",
                "content-type": "text/html; charset=UTF-8",
              },
              body: "OK!",
            };
          },
        },
      ],
      says: [
        `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${proc.machine.net.addresses[0]}. Set the 'ServerName' directive globally to suppress this message`,
        "AH00094: Command line: 'apache2 -D FOREGROUND'",
      ],
    };
  },
});

/** The server of the HorizontalPodAutoscaler walkthrough: each request computes for a while. */
export const hpaExample: Image = {
  repository: "registry.k8s.io/hpa-example",
  tags: ["latest"],
  size: 180_000_000,
  usage: { cpu: 1, memory: 9 },
  cmd: ["apache2-foreground"],
  programs: [server],
  userland: "debian",
};
