import { expect, test } from "vitest";
import { servedHost } from "./setup.ts";

const host = servedHost();
const timeout =
  "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";
const vmodule = (text: string) =>
  `invalid argument "${text}" for "--vmodule" flag: syntax error: expect comma-separated list of filename=N\nSee 'kubectl get --help' for usage.`;

// Said by kubectl 1.33.1.
test.each([
  ["get ns --request-timeout=abc", timeout],
  ["get ns --request-timeout=-1", timeout],
  ["get ns --profile=foo", "unknown profile 'foo'"],
  ["get ns --profile=", "unknown profile ''"],
  ["get ns --vmodule=x", vmodule("x")],
  ["get ns --vmodule=a=b", vmodule("a=b")],
  ["get ns --vmodule==1", vmodule("=1")],
  [
    "get ns --log-flush-frequency=abc",
    `invalid argument "abc" for "--log-flush-frequency" flag: parse error\nSee 'kubectl get --help' for usage.`,
  ],
  [
    "get ns -v=99999999999",
    `invalid argument "99999999999" for "-v, --v" flag: strconv.ParseInt: parsing "99999999999": value out of range\nSee 'kubectl get --help' for usage.`,
  ],
  ["get ns --log-dir=/tmp", `unknown flag: --log-dir\nSee 'kubectl get --help' for usage.`],
  [
    "get ns --insecure-skip-tls-verify --certificate-authority=/etc/passwd",
    "specifying a root certificates file with the insecure flag is not allowed",
  ],
  ["get ns --as-uid=3", "requesting uid, groups or user-extra for admin without impersonating a user"],
  [
    "get ns --token=x --username=a --password=b",
    "more than one authentication method found for admin; found [token basicAuth], only one is allowed",
  ],
  ["get ns -s https://[::1", 'host must be a URL or a host:port pair: "https://[::1"'],
])("kubectl %s", (line, said) => {
  expect(host.kubectl(line)).toMatchObject({ stdout: "", stderr: `error: ${said}\n`, status: 1 });
});

test("several things wrong with a user are told together", () => {
  expect(host.kubectl("get ns --username=a --as-group=g").stderr).toBe(
    "Error in configuration: \n* more than one authentication method found for admin; found [token basicAuth], only one is allowed\n* requesting uid, groups or user-extra for admin without impersonating a user\n",
  );
});

test("an address without a scheme is plain HTTP", () => {
  const { stderr } = host.kubectl("get ns -s 10.0.0.7:80");
  expect(stderr).toContain(
    'Get \\"http://10.0.0.7:80/api?timeout=32s\\": dial tcp 10.0.0.7:80: connect: connection refused',
  );
});

test("--request-timeout is told to the server, and ends a watch", () => {
  expect(host.kubectl("get ns --request-timeout=90 -v=6").stderr).toContain(
    'url="https://10.0.0.1:6443/api/v1/namespaces?limit=500&timeout=1m30s" status="200 OK"',
  );
  const before = host.clock.now;
  expect(host.kubectl("get ns -w --request-timeout=2s --no-headers")).toMatchObject({ stderr: "", status: 0 });
  expect(Math.round((host.clock.now - before) / 1_000_000)).toBe(2);
});

const masked = (text: string) => text.replace(/^([IE])\d{4} [\d:.]+ +\d+ /gm, "$1 ").replace(/^I envvar.*\n/gm, "");

test("-v=6 to -v=9", () => {
  const refused = masked(host.kubectl("get ns nope -v=6 --as=bob").stderr);
  expect(refused).toContain('verb="GET" url="https://10.0.0.1:6443/api/v1/namespaces/nope" status="403 Forbidden"');
  expect(refused).toContain('I helpers.go:246] server response object: %s[{\n  "kind": "Status",\n');
  const headers = masked(host.kubectl("create cm a --as=bob --as-group=g --as-group=system:masters -v=8").stderr);
  expect(headers).toContain(
    "\tAuthorization: Bearer <masked>\n\tContent-Type: application/json\n\tImpersonate-Group: g\n\tImpersonate-Group: system:masters\n\tImpersonate-User: bob\n",
  );
  expect(headers).toContain('I helper.go:246] "Request Body" body=<\n\t{"');
  const curl = masked(host.kubectl("delete cm a -v=9").stderr);
  expect(curl).toMatch(
    /"Request" curlCommand=<\n\tcurl -v -XDELETE .*-H "Authorization: Bearer <masked>".* 'https:\/\/10\.0\.0\.1:6443\/api\/v1\/namespaces\/default\/configmaps\/a'\n >\n/,
  );
  expect(curl).toContain('I round_trippers.go:562] "HTTP Trace: Dial succeed" network="tcp" address="10.0.0.1:6443"\n');
});

test("--match-server-version", () => {
  expect(host.kubectl("get ns default -o name --match-server-version")).toMatchObject({ stderr: "", status: 0 });
});

test("nobody says who asks: kubectl asks", () => {
  host.write(
    "nobody",
    'clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443", insecure-skip-tls-verify: true}}]\ncontexts: [{name: c, context: {cluster: c, user: nope}}]\ncurrent-context: c\n',
  );
  expect(host.kubectl("get ns --kubeconfig=nobody", { stdin: "" })).toMatchObject({
    stdout: "Please enter Username: ",
    stderr: "error: EOF\n",
    status: 1,
  });
  expect(host.kubectl("get ns --kubeconfig=nobody", { stdin: "me\n" })).toMatchObject({
    stdout: "Please enter Username: Please enter Password: ",
    stderr: "error: error reading input for Password\n",
  });
});
