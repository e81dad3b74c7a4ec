import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { images } from "../../../src/cluster/kubelet/images/index.ts";
import { findImage } from "../../../src/cluster/kubelet/runtime/image-store.ts";
import { makeLab } from "./setup.ts";

/** What a container of an image does with its own command: "asks": what a client on the node sees. */
interface Case {
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly port?: number;
  readonly path?: string;
  /** In the answer to GET. */
  readonly answers?: RegExp;
  /** A port that takes connections, whatever is spoken there. */
  readonly opens?: number;
  readonly logs?: RegExp;
  /** 0 and others: it ends with this. Running where nothing is said. */
  readonly ends?: number;
}

const cases: readonly Case[] = [
  { image: "nginx", port: 80, answers: /Welcome to nginx!/, logs: /Configuration complete; ready for start up/ },
  {
    image: "nginx:1.27-alpine",
    port: 80,
    path: "/nothing",
    answers: /404 Not Found[\s\S]*nginx\/1\.27\.5/,
    logs: /\[error\].*open\(\) "\/usr\/share\/nginx\/html\/nothing" failed \(2: No such file or directory\)/,
  },
  { image: "nginxinc/nginx-unprivileged", port: 8080, answers: /Welcome to nginx!/ },
  { image: "registry.k8s.io/nginx-slim:0.24", port: 80, answers: /nginx/ },
  { image: "wbitt/network-multitool", port: 80, answers: /Network MultiTool/ },
  { image: "httpd:2.4-alpine", port: 80, answers: /It works!/ },
  { image: "caddy", port: 80, answers: /Caddy works!/ },
  { image: "php:8.3-apache", port: 80, answers: /Forbidden/ },
  { image: "registry.k8s.io/hpa-example", port: 80, answers: /^OK!$/ },
  { image: "wordpress", port: 80, answers: /Error establishing a database connection/ },
  { image: "tomcat:9", port: 8080, answers: /HTTP Status 404/ },
  { image: "jenkins/jenkins:lts", port: 8080, path: "/login", answers: /Sign in/ },
  { image: "traefik/whoami", port: 80, answers: /Hostname: pod-\d+\n/ },
  {
    image: "hashicorp/http-echo",
    args: ["-text=hello there", "-listen=:8080"],
    port: 8080,
    answers: /^hello there\n$/,
  },
  { image: "hashicorp/http-echo:0.2.3", ends: 127, logs: /Missing -text option!/ },
  {
    image: "gcr.io/google-samples/hello-app:2.0",
    port: 8080,
    answers: /^Hello, world!\nVersion: 2\.0\.0\nHostname: pod-\d+\n$/,
  },
  {
    image: "us-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0",
    env: { PORT: "9000" },
    port: 9000,
    answers: /Version: 1\.0\.0/,
  },
  {
    image: "gcr.io/google-samples/kubernetes-bootcamp:v1",
    port: 8080,
    answers: /^Hello Kubernetes bootcamp! \| Running on: pod-\d+ \| v=1\n$/,
  },
  { image: "registry.k8s.io/echoserver:1.10", port: 8080, path: "/x?y=1", answers: /query=y=1/ },
  {
    image: "registry.k8s.io/e2e-test-images/agnhost:2.40",
    args: ["netexec"],
    port: 8080,
    path: "/echo?msg=hi",
    answers: /^hi$/,
  },
  {
    image: "registry.k8s.io/e2e-test-images/agnhost:2.40",
    args: ["liveness"],
    port: 8080,
    path: "/healthz",
    answers: /^error: \d+\.\d+$/,
  },
  { image: "registry:2", port: 5000, path: "/v2/", answers: /^\{\}$/ },
  { image: "prom/prometheus", port: 9090, path: "/-/healthy", answers: /Prometheus Server is Healthy\./ },
  { image: "grafana/grafana", port: 3000, path: "/api/health", answers: /"database": "ok"/ },
  {
    image: "python:3-alpine",
    command: ["python3", "-m", "http.server", "8000", "-d", "/etc"],
    port: 8000,
    path: "/hostname",
    answers: /^pod-\d+\n$/,
  },
  {
    image: "mysql",
    ends: 1,
    logs: /Database is uninitialized and password option is not specified\n {4}You need to specify one of/,
  },
  {
    image: "mysql:8.0",
    env: { MYSQL_ROOT_PASSWORD: "x" },
    opens: 3306,
    logs: /ready for connections\. Version: '8\.0\.44'/,
  },
  { image: "mariadb", ends: 1, logs: /password option is not specified/ },
  { image: "mariadb:11", env: { MYSQL_ROOT_PASSWORD: "x" }, opens: 3306, logs: /ready for connections/ },
  { image: "postgres:16", ends: 1, logs: /You must specify POSTGRES_PASSWORD to a non-empty value/ },
  { image: "postgres:16-alpine", env: { POSTGRES_PASSWORD: "x" }, opens: 5432, logs: /starting PostgreSQL 16\.11/ },
  { image: "mongo:7", opens: 27017, logs: /"msg":"Waiting for connections"/ },
  { image: "memcached:alpine", opens: 11211 },
  { image: "redis:7", opens: 6379, logs: /Ready to accept connections tcp/ },
  { image: "rabbitmq:management", opens: 5672, logs: /Server startup complete/ },
  { image: "nats", opens: 4222, logs: /Server is ready/ },
  { image: "hello-world", ends: 0, logs: /Hello from Docker!/ },
  {
    image: "perl:5.34.0",
    command: ["perl", "-Mbignum=bpi", "-wle", "print bpi(40)"],
    ends: 0,
    logs: /^3\.141592653589793238462643383279502884197\n$/,
  },
  { image: "busybox", ends: 0 },
  { image: "rockylinux:9", command: ["sh", "-c", "echo $((6*7)); exit 3"], ends: 3, logs: /^42\n$/ },
  {
    image: "nicolaka/netshoot",
    command: ["sh", "-c", "dig +short kubernetes.default.svc.cluster.local"],
    ends: 0,
    logs: /^10\.96\.0\.1\n$/,
  },
  {
    image: "polinux/stress",
    command: ["stress", "--cpu", "1", "--timeout", "2s"],
    ends: 0,
    logs: /successful run completed/,
  },
  { image: "node:22-alpine", command: ["node", "app.js"], ends: 1, logs: /not simulated/ },
];

describe("the catalogue of images", () => {
  test("has at least 60, each repository once", () => {
    expect(new Set(images.map(({ repository }) => repository)).size).toBe(images.length);
    expect(images.length).toBeGreaterThanOrEqual(60);
  });

  test("is told of in docs/images.md, and nothing else is", () => {
    const page = readFileSync(new URL("../../../docs/images.md", import.meta.url), "utf8");
    const told = [...page.matchAll(/`([a-z][\w./-]+)`/g)].map(([, name = ""]) => name);
    const names = images.map(({ repository }) => repository.replace(/^docker\.io\/(library\/)?/, ""));
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
    const repositories = told.filter((name) => name.includes("/") && !name.startsWith("src/"));
    expect(repositories.filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(images.map((image) => [image.repository, image] as const))(
    "%s can be pulled by each of its tags",
    (repository, { tags }) => {
      for (const tag of tags) expect(findImage(`${repository}:${tag}`)).toHaveProperty("image");
      expect(new Set(tags).size).toBe(tags.length);
    },
  );
});

describe("containers do what their images say", () => {
  const lab = makeLab();
  cases.forEach(({ image, env = {}, args, command, ends }, i) => {
    const more = { ...(args ? { args } : {}), ...(command ? { command } : {}) };
    const container = {
      name: "main",
      image,
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      ...more,
    };
    lab.apply(
      JSON.stringify({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `pod-${i}` },
        spec: { restartPolicy: ends === undefined ? "Always" : "Never", containers: [container] },
      }),
    );
  });
  const phase = (i: number) => lab.pod(`pod-${i}`).status?.phase;
  lab.until(
    "all images have run",
    () =>
      cases.every(({ ends }, i) =>
        ends === undefined ? phase(i) === "Running" : /Succeeded|Failed/.test(phase(i) ?? ""),
      ),
    600,
  );
  // The liveness server fails after ten seconds.
  lab.world.advance(12);

  test.each(cases.map((one, i) => [one.image, i, one] as const))(
    "%s (%i)",
    (_image, i, { port, path = "/", answers, opens, logs, ends }) => {
      const { podIP = "", containerStatuses = [] } = lab.pod(`pod-${i}`).status ?? {};
      const [status] = containerStatuses;
      if (ends !== undefined) expect(status?.state?.terminated?.exitCode).toBe(ends);
      else expect(status?.state).toHaveProperty("running");
      if (answers) expect(lab.sh("cp", `curl -s http://${podIP}:${port}${path}`).stdout).toMatch(answers);
      if (opens) expect(lab.sh("cp", `nc -zv ${podIP} ${opens}`).stderr).toMatch(/open|succeeded/);
      if (logs) expect(lab.logs(`pod-${i}`).text()).toMatch(logs);
    },
  );

  test("redis keeps what its client says, and reads its settings from a file", () => {
    const i = cases.findIndex(({ image }) => image === "redis:7");
    const ask = (...words: string[]) => lab.exec(`pod-${i}`, ["redis-cli", ...words]).stdout;
    expect([ask("ping"), ask("set", "a", "1"), ask("incr", "a"), ask("get", "a"), ask("get", "b")]).toEqual([
      "PONG\n",
      "OK\n",
      "2\n",
      "2\n",
      "\n",
    ]);
    expect(ask("config", "get", "maxmemory")).toBe("maxmemory\n0\n");
    expect(ask("config", "set", "maxmemory-policy", "allkeys-lru")).toBe("OK\n");
    expect(ask("nonsense")).toBe("ERR unknown command 'nonsense', with args beginning with: \n");
  });
});
