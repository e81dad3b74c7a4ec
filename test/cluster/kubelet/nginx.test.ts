import { describe, expect, test } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import { makeLab } from "./setup.ts";

const lab = makeLab();
const pod = (name: string, image: string) =>
  lab.apply(
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {containers: [{name: main, image: "${image}"}]}}`,
  );
pod("web", "nginx:1.29");
pod("back", "traefik/whoami");
for (const name of ["web", "back"]) lab.wait(name, "1/1 Running");
const ip = (name: string) => lab.pod(name).status?.podIP ?? "";

function sh(line: string) {
  const { stdout, stderr } = lab.exec("web", ["sh", "-c", line]);
  return { stdout, stderr };
}

/** Writes the configuration of a site, as somebody in the container would. */
function write(text: string): void {
  sh(`cat > /etc/nginx/conf.d/default.conf <<'EOF'\n${text}\nEOF`);
}

// The words of nginx 1.29 (src/core/ngx_conf_file.c, src/http/ngx_http_core_module.c).
const faults: readonly (readonly [text: string, words: string])[] = [
  ["server { lisen 80; }", 'unknown directive "lisen" in /etc/nginx/conf.d/default.conf:1'],
  ["server {\n listen 80\n server_name x;\n}", 'invalid parameter "server_name" in /etc/nginx/conf.d/default.conf:3'],
  ["server {\n listen 80;\n", 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:4'],
  ["server { listen 80; } }", 'unexpected "}" in /etc/nginx/conf.d/default.conf:1'],
  ["listen 80;", '"listen" directive is not allowed here in /etc/nginx/conf.d/default.conf:1'],
  ["server { listen; }", 'invalid number of arguments in "listen" directive in /etc/nginx/conf.d/default.conf:1'],
  ["server { listen 99999; }", 'invalid port in "99999" of the "listen" directive in /etc/nginx/conf.d/default.conf:1'],
  [
    "server { location / { autoindex yes; } }",
    'invalid value "yes" in "autoindex" directive, it must be "on" or "off" in /etc/nginx/conf.d/default.conf:1',
  ],
  ["server { root /a; root /b; }", '"root" directive is duplicate in /etc/nginx/conf.d/default.conf:1'],
  ["server { location / }", 'unexpected "}" in /etc/nginx/conf.d/default.conf:1'],
  ["server { listen 80 { } }", 'directive "listen" is not terminated by ";" in /etc/nginx/conf.d/default.conf:1'],
  ["server { location /; }", 'directive "location" has no opening "{" in /etc/nginx/conf.d/default.conf:1'],
  [
    "server { location / { proxy_pass http://nowhere:80; } }",
    'host not found in upstream "nowhere" in /etc/nginx/conf.d/default.conf:1',
  ],
  ["server { location / { proxy_pass nowhere; } }", "invalid URL prefix in /etc/nginx/conf.d/default.conf:1"],
  [
    "include /nope.conf;",
    'open() "/nope.conf" failed (2: No such file or directory) in /etc/nginx/conf.d/default.conf:1',
  ],
  [
    "server { listen 443 ssl; }",
    'no "ssl_certificate" is defined for the "listen ... ssl" directive in /etc/nginx/conf.d/default.conf:1',
  ],
  ['server { return 200 "x; }', 'unexpected end of file, expecting ";" or "}" in /etc/nginx/conf.d/default.conf:2'],
];

describe("a wrong configuration is refused in nginx' words", () => {
  test.each(faults)("%s", (text, words) => {
    write(text);
    const { stderr } = sh("nginx -t");
    expect(stderr).toContain(`nginx: [emerg] ${words}\nnginx: configuration file /etc/nginx/nginx.conf test failed\n`);
  });
});

/** A configuration, a request of curl, and what it prints. */
const answers: readonly (readonly [configuration: string, asked: string, printed: string | RegExp])[] = [
  ['server { listen 8080; return 200 "$request_method $uri $arg_a $hostname\\n"; }', "IP:8080/x?a=b", "GET /x b web\n"],
  ["server { listen 80; location = / { return 200 exact; } location / { return 200 prefix; } }", "IP/", "exact"],
  ["server { listen 80; location = / { return 200 exact; } location / { return 200 prefix; } }", "IP/a", "prefix"],
  [
    "server { listen 80; location /a { return 200 a; } location ~ \\.php$ { return 200 php; } location ^~ /b { return 200 b; } }",
    "IP/a/x.php IP/b/x.php",
    "phpb",
  ],
  [
    "server { listen 80; server_name one; return 200 1; } server { listen 80; server_name two; return 200 2; }",
    "-H 'Host: two' IP/",
    "2",
  ],
  [
    "server { listen 80; server_name one; return 200 1; } server { listen 80 default_server; return 200 2; }",
    "IP/",
    "2",
  ],
  [
    "server { listen 80; location /old { return 301 /new; } }",
    "-o /dev/null -w '%{http_code} %{redirect_url}' IP/old",
    /^301 http:\/\/[\d.]+\/new$/,
  ],
  [
    "server { listen 80; root /usr/share/nginx/html; error_page 404 /oops; location = /oops { return 200 gone; } }",
    "-w ' %{http_code}' IP/nothing",
    "gone 404",
  ],
  [
    "server { listen 80; root /usr/share/nginx/html; location / { try_files $uri /index.html =404; } }",
    "IP/any",
    /Welcome to nginx!/,
  ],
  ["server { listen 80; location / { deny all; } }", "-o /dev/null -w '%{http_code}' IP/", "403"],
  ["server { listen 80; location /s/ { alias /etc/; } }", "IP/s/hostname", "web\n"],
  ["server { listen 80; add_header X-Who $hostname; return 204; }", "-o /dev/null -w '%header{x-who}' IP/", "web"],
  [
    "upstream u { server BACK:80; } server { listen 80; location /api/ { proxy_pass http://u/; proxy_set_header X-From me; } }",
    "IP/api/v1",
    /GET \/v1 HTTP\/1\.1\n(.*\n)*X-From: me\n/,
  ],
  [
    "server { listen 80; location / { proxy_pass http://BACK:81; } }",
    "-w ' %{http_code}' IP/",
    /502 Bad Gateway[\s\S]* 502$/,
  ],
  ["server { listen 80; rewrite ^/a/(.*)$ /b/$1; location /b/ { return 200 $uri; } }", "IP/a/c", "/b/c"],
  ["server { listen 80; set $x 1; if ($x = 1) { return 418 tea; } }", "-w ' %{http_code}' IP/", "tea 418"],
  [
    "server { listen 80; location / { root /usr/share/nginx; } }",
    "-w ' %{http_code}' IP/html",
    /301 Moved Permanently[\s\S]* 301$/,
  ],
];

test("what has no effect here says so when the server starts", () => {
  write(
    "map $uri $x { default 1; }\nserver { listen 80; location / { internal; auth_basic on; if ($uri) { add_header a b; } } }",
  );
  const started = sh("nginx").stderr;
  for (const name of ["map", "internal", "auth_basic", "add_header"])
    expect(started).toContain(`nginx: directive "${name}" in /etc/nginx/conf.d/default.conf:`);
  expect(started.match(/not simulated/g)).toHaveLength(4);
});

test("the status page counts requests", () => {
  write("server { listen 80; location /status { stub_status; } }");
  sh("nginx -s reload");
  const served = () => Number(/^ (\d+) \d+ \d+ $/m.exec(lab.sh("cp", `curl -s ${ip("web")}/status`).stdout)?.[1]);
  const first = served();
  expect(served()).toBe(first + 1);
});

test("the headers come in nginx' order, and a page is as old as its image, whoever has looked into the container", () => {
  write("server { listen 80; root /usr/share/nginx/html; }");
  sh("nginx -s reload");
  const said = (path: string) => lab.sh("cp", `curl -sI ${ip("web")}${path} | tr -d '\\r'`).stdout;
  const fresh = said("/");
  expect(fresh.match(/^[A-Z][\w-]*(?=:)/gim)).toEqual(
    "Server Date Content-Type Content-Length Last-Modified Connection ETag Accept-Ranges".split(" "),
  );
  expect(said("/nope").match(/^[A-Z][\w-]*(?=:)/gim)).toEqual(
    "Server Date Content-Type Content-Length Connection".split(" "),
  );
  const changed = (text: string) => /^Last-Modified: (.*)$/m.exec(text)?.[1];
  lab.world.advance(30);
  sh("ls /usr/share/nginx/html");
  expect(changed(said("/"))).toBe(changed(fresh));
  expect(Date.parse(changed(fresh) ?? "")).toBeLessThan(lab.world.clock.now / 1000);
  sh("touch /usr/share/nginx/html/index.html");
  expect(Date.parse(changed(said("/")) ?? "")).toBeGreaterThan(Date.parse(changed(fresh) ?? ""));
});

describe("a reloaded configuration answers", () => {
  test.each(answers)("%s: %s", (configuration, asked, printed) => {
    write(configuration.replaceAll("BACK", ip("back")));
    expect(sh("nginx -t").stderr).toContain("syntax is ok");
    sh("nginx -s reload");
    const { stdout } = lab.sh("cp", `curl -s ${asked.replaceAll("IP", ip("web"))}`);
    if (typeof printed === "string") expect(stdout).toBe(printed);
    else expect(stdout).toMatch(printed);
  });

  test("TLS is spoken in the versions that are configured", () => {
    const { files }: Machine = lab.host("cp");
    files.mkdir("/tmp/tls", root);
    lab.sh(
      "cp",
      "cd /tmp/tls && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k.pem -out c.pem -subj /CN=web -days 30",
    );
    for (const name of ["c.pem", "k.pem"])
      sh(`cat > /etc/nginx/${name} <<'EOF'\n${files.read(`/tmp/tls/${name}`, root)}EOF`);
    const site = (versions: string) =>
      `server { listen 443 ssl; ssl_certificate /etc/nginx/c.pem; ssl_certificate_key /etc/nginx/k.pem; ssl_protocols ${versions}; return 200 safe; }`;
    const ask = (options: string) => lab.sh("cp", `curl -sSk ${options} https://${ip("web")}/`);
    write(site("TLSv1.2 TLSv1.3"));
    sh("nginx -s reload");
    expect(ask("--tls-max 1.2").stdout).toBe("safe");
    write(site("TLSv1.3"));
    sh("nginx -s reload");
    expect(ask("").stdout).toBe("safe");
    expect(ask("--tls-max 1.2")).toMatchObject({
      status: 35,
      stderr: expect.stringContaining("tlsv1 alert protocol version"),
    });
  });

  test("each server block shows its own certificate, and a plain request is told so", () => {
    const { files }: Machine = lab.host("cp");
    files.mkdir("/tmp/sni", root, { parents: true });
    for (const name of ["a", "b"]) {
      lab.sh(
        "cp",
        `cd /tmp/sni && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${name}.key -out ${name}.crt -subj /CN=${name}.example -days 30`,
      );
      for (const file of [`${name}.crt`, `${name}.key`])
        sh(`cat > /etc/nginx/${file} <<'EOF'\n${files.read(`/tmp/sni/${file}`, root)}EOF`);
    }
    const block = (name: string) =>
      `server { listen 443 ssl; server_name ${name}.example; ssl_certificate /etc/nginx/${name}.crt; ssl_certificate_key /etc/nginx/${name}.key; return 200 ${name}; }`;
    write(`${block("a")}\n${block("b")}`);
    sh("nginx -s reload");
    const subject = (host: string) =>
      lab.sh("cp", `curl -skv --resolve ${host}:443:${ip("web")} https://${host}/ 2>&1 | grep subject:`).stdout;
    expect(["a.example", "b.example", "c.example"].map(subject)).toEqual([
      "*  subject: CN=a.example\n",
      "*  subject: CN=b.example\n",
      "*  subject: CN=a.example\n",
    ]);
    expect(lab.sh("cp", `curl -s http://${ip("web")}:443/`).stdout).toContain(
      "<title>400 The plain HTTP request was sent to HTTPS port</title>",
    );
  });

  test("an upstream that does not answer costs the time of proxy_connect_timeout", () => {
    const ask = () => lab.sh("cp", `curl -s -o /dev/null -w '%{http_code} %{time_total}' http://${ip("web")}/`).stdout;
    write("server { listen 80; location / { proxy_pass http://10.244.9.9:80; } }");
    sh("nginx -s reload");
    expect(ask()).toMatch(/^504 60\.0/);
    write("server { listen 80; location / { proxy_connect_timeout 7s; proxy_pass http://10.244.9.9:80; } }");
    sh("nginx -s reload");
    expect(ask()).toMatch(/^504 7\.0/);
  });
});
