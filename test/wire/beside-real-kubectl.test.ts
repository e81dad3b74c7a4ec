import { expect, test } from "vitest";
import { realKubectl } from "../twin/twin.ts";
import { desk, type Run } from "./own-kubectl.ts";
import { serve } from "./served.ts";

const kubectl = realKubectl();
if (!kubectl) process.stdout.write("test/wire/beside-real-kubectl: no kubectl on the PATH, skipped\n");

/** Run by both against one server; ME is another word of the same length for each. */
const lines = `
get nodes
get pods -A -o wide
get pod p -o json
get pods -o custom-columns=N:.metadata.name,P:.status.phase
get pods -l run=none
get nope
get pod nope
get --raw /healthz
get --raw /nope
get pods --as=bob
get pods --as=bob --as-group=g --as-group=system:masters
get pods --as-group=g
get pods --token=x --username=a --password=b
auth whoami -o yaml --as=bob --as-group=a --as-group=b
describe pod p
describe ns default
api-resources
api-versions
cluster-info
explain pod.spec.containers.image
logs p --tail=0
logs nope
exec p -- echo hi
exec p -- sh -c false
exec p -- sh -c 'exit 9'
exec p -c nope -- ls
exec nope -- ls
create cm a-ME --from-literal=x=1
create cm a-ME --from-literal=x=1
label cm a-ME k=v
annotate cm a-ME k=v
patch cm a-ME -p '{"data":{"x":"2"}}'
apply -f cm-ME.yaml
apply -f cm-ME.yaml
diff -f cm-ME.yaml
replace -f cm-ME.yaml
apply --server-side -f cm-ME.yaml --force-conflicts
get -f cm-ME.yaml -o yaml
delete -f cm-ME.yaml
delete -f cm-ME.yaml
delete cm a-ME
create deployment d-ME --image=nginx --replicas=2
scale deploy d-ME --replicas=1
set image deploy/d-ME nginx=nginx:1.27
rollout history deploy/d-ME
delete deploy d-ME
apply -f bad.yaml
apply -f nope.yaml
create -f unknown.yaml
config view
config current-context
get pods --context=nope
get pods --user=nope
get pods --cluster=nope
get pods --kubeconfig=nope
get pods --certificate-authority=nope
get pods --client-certificate=nope
get pods --client-key=nope
get pods --insecure-skip-tls-verify
get pods --insecure-skip-tls-verify --certificate-authority=kubeconfig
get pods --tls-server-name=example.com
get pods --tls-server-name=localhost
get pods --certificate-authority=other.crt
get pods --certificate-authority=cm-ME.yaml
get pods --request-timeout=x
get pods --request-timeout=-5
get pods --request-timeout=30 -v=6
get pods -w --request-timeout=1s --no-headers
get pods --profile=x
get pods -v=x
get pods --vmodule=x
get pods --log-flush-frequency=x
get pods --match-server-version=x
get pods --warnings-as-errors
get pods --disable-compression
get pods -s https://127.0.0.1:9
get pods -s 127.0.0.1:9
get pods -s ftp://example.com
get pods -s https://[::1
apply -f cm-ME.yaml -s https://127.0.0.1:9
create cm x -s https://127.0.0.1:9
delete cm x -s https://127.0.0.1:9
get cm -n kube-system kube-root-ca.crt -v=6
get nodes -v=7
get nodes -v=8
get ns default -v=9
get ns nope -v=6
get pods -v=6 -s https://127.0.0.1:9
`
  .trim()
  .split("\n");

/** Kubectl's words, as a shell splits them. */
const wordsOf = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** What differs between any two runs: times, processes, releases, and the order of client-go's feature gates. */
function masked({ stdout, stderr, status }: Run): Run {
  const shown = (text: string) =>
    text
      .replace(/^([IWE])\d{4} [\d:.]+ +\d+ /gm, "$1 ")
      .replace(/\b(a|b|d|cm)-(real|ours)\b/g, "NAME")
      // Before ages: a part of it may look like one.
      .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "UID")
      .replace(/(?<![\w.])(\d+[smhd])+(?![\w.])/g, "AGE")
      .replace(/^WARNING: version difference.*\n/gm, "")
      .replace(/"?(resourceVersion"?): "?\d+"?/g, "$1: RV")
      .replace(/(resourceVersion\\":\\")\d+/g, "$1RV")
      .replace(/^I shortcut\.go.*\n/gm, "")
      .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "TIME")
      .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ (GMT|\+0000)/g, "TIME")
      .replace(/illiseconds=\d+/g, "illiseconds=N")
      .replace(/kubectl[\d.]*\/v[\d.]+ \(linux\/amd64\) kubernetes\/\w+/g, "AGENT")
      .replace(/^I envvar\.go.*\n/gm, "")
      .replace(/home\d+/g, "HOME")
      // Headers come in the order of a Go map.
      .replace(/curl -v.*/g, (command) =>
        command
          .split(/ (?=-H |')/)
          .sort()
          .join(" "),
      )
      .replace(/ {2,}/g, "  ")
      .replace(/[ \t]+$/gm, "");
  return { stdout: shown(stdout), stderr: shown(stderr), status };
}

test.skipIf(!kubectl)(
  "real kubectl and ours say the same of one server",
  async () => {
    const { served, lab } = await serve();
    const both = desk(served.kubeconfig);
    for (const me of ["real", "ours"])
      both.file(`cm-${me}.yaml`, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b-${me}}\ndata: {x: "1"}\n`);
    both.file("bad.yaml", "a: [\n");
    both.file("unknown.yaml", "apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: x}\n");
    both.file("other.crt", lab.world.pki.authority("front-proxy-ca"));
    const different: { line: string; real: Run; ours: Run }[] = [];
    for (const line of lines) {
      const argsFor = (me: string) => wordsOf(line.replaceAll("ME", me));
      const real = masked(await both.other(kubectl ?? "", argsFor("real")));
      const ours = masked(await both.ours(argsFor("ours")));
      if (JSON.stringify(real) !== JSON.stringify(ours)) different.push({ line, real, ours });
    }
    const ours = Object.fromEntries(different.map(({ line, ours: mine }) => [line, mine]));
    expect(ours).toEqual(Object.fromEntries(different.map(({ line, real }) => [line, real])));
  },
  200_000,
);
