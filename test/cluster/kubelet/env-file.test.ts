import { describe, expect, test } from "vitest";
import { EnvFileError, envFileValue } from "../../../src/cluster/kubelet/env-file.ts";
import { busybox, makeLab } from "./setup.ts";

// What kubernetes' pkg/kubelet/util/env expects of its parser, 1.35.
const values: readonly [says: string, text: string, key: string, value: string][] = [
  ["blanks before a line", "   A='1'\n\t\tB='2'\n", "B", "2"],
  ["comments and empty lines", "# a\n\nA='1'\n   # b\n\nB='2'\n", "B", "2"],
  ["a key that is not there", "A='1'\n", "B", ""],
  ["a number sign in a value", "A='1#2'\n", "A", "1#2"],
  ["blanks in a value", "A='  1  2 '\n", "A", "  1  2 "],
  ["an empty value", "A=''\nB='2'\n", "A", ""],
  ["equals signs in a value", "A='1=2=3'\n", "A", "1=2=3"],
  ["a comment after a value", "A='1' # one\n", "A", "1"],
  ["nothing is expanded", "A='$X-${Y} \\n \"q\"'\n", "A", '$X-${Y} \\n "q"'],
  ["several lines", "A='one\n\n  two  \nthree'\nB='2'\n", "A", "one\n\n  two  \nthree"],
  ["after several lines", "A='one\nB=\nthree'\nB='2'", "B", "2"],
  ["a blank after the equals sign ends the assignment", "A= '1'\nB='2'\n", "A", ""],
  ["faults after the variable do not matter", "A='1'\nB=2\n", "A", "1"],
];

test.each(values)("a file of variables: %s", (_, text, key, value) => expect(envFileValue(text, key)).toBe(value));

const faults: readonly [text: string, says: string][] = [
  ["A = '1'", "at line 1: whitespace before '=' is not allowed"],
  ["='1'", "at line 1: empty variable name"],
  ["A='1'\nB", "at line 2: missing '='"],
  ["A='1'\nB=2", "at line 2: value must be enclosed in single quotes"],
  ['B="2"', "at line 1: value must be enclosed in single quotes"],
  ["A='1''2'", "at line 1: unexpected content after closing quote"],
  ["A='1\nB='2'\n", "at line 2: unexpected content after closing quote"],
  ["A='1\n2\n", "starting at line 1: unclosed single quote"],
];

test.each(faults)("no file of variables: %j", (text, says) => {
  const read = () => envFileValue(text, "NONE");
  expect(read).toThrow(EnvFileError);
  expect(read).toThrow(`invalid environment variable format ${says}`);
});

function podWith(line: string, ref: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  nodeName: w1
  volumes: [{ name: v, emptyDir: {} }]
  initContainers:
  - name: setup
    image: busybox:1.36
    command: [sh, -c, ${JSON.stringify(line)}]
    volumeMounts: [{ name: v, mountPath: /data }]
  containers:
  - name: main
    image: busybox:1.36
    command: [sh, -c, 'env | grep ^A=; sleep 1000']
    env: [{ name: A, valueFrom: { fileKeyRef: { volumeName: v, ${ref} } } }]
`;
}

describe("a variable from a file that an init container wrote", () => {
  test("the container has it, without the volume", () => {
    const lab = makeLab();
    lab.apply(podWith("mkdir /data/deep; echo \"B='x y'\" > /data/deep/c.env", "path: deep/c.env, key: B"));
    lab.wait("p", "1/1 Running", 20);
    expect(lab.logs("p", "container=main").text()).toBe("A=x y\n");
    expect(lab.exec("p", ["ls", "/data"]).stderr).toContain("No such file");
  });

  test("an optional one that the file does not set", () => {
    const lab = makeLab();
    lab.apply(podWith("echo \"B='x'\" > /data/c.env", "path: c.env, key: NONE, optional: true"));
    lab.wait("p", "1/1 Running", 20);
    expect(lab.logs("p", "container=main").text()).toBe("");
  });

  const refused: readonly [line: string, ref: string, says: RegExp][] = [
    ["true", "path: c.env, key: B", /^couldn't parse env file$/],
    ["true", "path: c.env, key: B, optional: true", /^couldn't parse env file$/],
    ["mkdir /data/c.env", "path: c.env, key: B", /^couldn't parse env file$/],
    ["echo B=x > /data/c.env", "path: c.env, key: B", /^couldn't parse env file$/],
    [
      "echo \"B='x'\" > /data/c.env",
      "path: c.env, key: C",
      /^environment variable key "C" not found in file "\/var\/lib\/kubelet\/pods\/[-0-9a-f]{36}\/volumes\/kubernetes.io~empty-dir\/v\/c.env"$/,
    ],
  ];

  test.each(refused)("%s, %s", (line, ref, says) => {
    const lab = makeLab();
    lab.apply(podWith(line, ref));
    lab.wait("p", "0/1 CreateContainerConfigError", 20);
    const message = lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message ?? "";
    expect(message).toMatch(says);
    expect(lab.events("p")).toContain(`Warning Failed Error: ${message}`);
  });
});

test("the API server reads no files: the volume has to be there", () => {
  const lab = makeLab();
  const env = "    env: [{ name: A, valueFrom: { fileKeyRef: { volumeName: v, path: a, key: B } } }]";
  expect(() => lab.apply(busybox("p", "sleep 1", { container: env }))).toThrow(
    'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"',
  );
});
