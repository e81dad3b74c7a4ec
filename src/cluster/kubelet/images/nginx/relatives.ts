import { root } from "../../../../machine/define-files.ts";
import type { Image } from "../define.ts";
import { nginx, nginxByTag } from "./index.ts";

const page = (text: string) => `<!DOCTYPE html>\n<html>\n<body>\n<h1>${text}</h1>\n</body>\n</html>\n`;

/** nginx without root: it listens on 8080 and keeps its own files under /tmp. */
const unprivileged: Image = {
  ...nginx,
  repository: "docker.io/nginxinc/nginx-unprivileged",
  tags: [
    "latest",
    "alpine",
    "stable",
    "1.29",
    "1.28",
    "1.27",
    "1.26",
    "1.25",
    "1.29-alpine",
    "1.28-alpine",
    "1.27-alpine",
    "stable-alpine",
  ],
  user: 101,
  byTag: nginxByTag,
  files(files, tag) {
    nginx.files?.(files, tag);
    const edit = (path: string, from: string, to: string) =>
      files.write(path, files.read(path, root).replace(from, to), root);
    edit("/etc/nginx/conf.d/default.conf", "listen       80;", "listen       8080;");
    edit("/etc/nginx/nginx.conf", "/run/nginx.pid", "/tmp/nginx.pid");
    edit("/etc/nginx/nginx.conf", "user  nginx;\n", "");
    for (const path of ["/var/cache/nginx", "/etc/nginx/conf.d", "/etc/nginx/conf.d/default.conf", "/run"])
      files.chown(path, 101, 0, root);
    files.chmod("/run", 0o777, root);
  },
};

/** The small nginx that the documentation of StatefulSets uses. */
const slim: Image = {
  ...nginx,
  repository: "registry.k8s.io/nginx-slim",
  tags: ["0.8", "0.9", "0.21", "0.24", "0.26", "0.27"],
  size: 40_000_000,
  byTag: () => ({ env: { NGINX_VERSION: "1.27.1" } }),
};

const testImage: Image = {
  ...nginx,
  repository: "registry.k8s.io/e2e-test-images/nginx",
  tags: ["1.14-1", "1.14-2", "1.14-4", "1.15-1", "1.15-2", "1.15-4"],
  byTag: (tag) => ({ env: { NGINX_VERSION: tag.startsWith("1.14") ? "1.14.2" : "1.15.12" } }),
};

/** A toolbox whose nginx answers with its name. */
const multitool = (repository: string): Image => ({
  ...nginx,
  repository,
  tags: ["latest", "minimal", "extra", "alpine-minimal", "alpine-extra"],
  size: 25_000_000,
  userland: "busybox",
  tools: "arp curl dig host ifconfig ip nc netstat nslookup ping route ss tcpdump telnet tracepath wget".split(" "),
  byTag: () => ({}),
  files(files, tag) {
    nginx.files?.(files, tag);
    files.write("/usr/share/nginx/html/index.html", "Network MultiTool\n", root);
  },
});

/** The guestbook's front end: its page, without what a browser would fetch behind it. */
const guestbook: Image = {
  ...nginx,
  repository: "us-docker.pkg.dev/google-samples/containers/gke/gb-frontend",
  tags: ["v5", "v4", "v6"],
  byTag: () => ({}),
  files(files, tag) {
    nginx.files?.(files, tag);
    files.write("/usr/share/nginx/html/index.html", page("Guestbook"), root);
  },
};

/** Images that are an nginx in other clothes. */
export const nginxRelatives: readonly Image[] = [
  unprivileged,
  slim,
  testImage,
  multitool("docker.io/wbitt/network-multitool"),
  multitool("docker.io/praqma/network-multitool"),
  guestbook,
];
