import { expect, test } from "vitest";
import { readHosts, readResolvConf } from "../../../src/cluster/network/resolver.ts";
import { root } from "../../../src/machine/define-files.ts";
import { makeHost } from "../../machine/harness.ts";

const usual = { nameservers: [], search: [], ndots: 1, timeout: 5, attempts: 2, rotate: false };

test.each([
  [
    "# a comment\nnameserver 10.96.0.10\nsearch a.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:2\n",
    {
      ...usual,
      nameservers: ["10.96.0.10"],
      search: ["a.svc.cluster.local", "svc.cluster.local", "cluster.local"],
      ndots: 5,
      timeout: 2,
    },
  ],
  ["", usual],
  [
    "nameserver 1.1.1.1\nnameserver 2.2.2.2\nnameserver 3.3.3.3\nnameserver 4.4.4.4\n",
    { ...usual, nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3"] },
  ],
  ["search a\ndomain b\n", { ...usual, search: ["b"] }],
  [
    "options rotate ndots:99 attempts:9 timeout:99 edns0\n",
    { ...usual, rotate: true, ndots: 15, attempts: 5, timeout: 30 },
  ],
])("resolv.conf %#", (text, read) => expect(readResolvConf(text)).toEqual(read));

test("hosts", () => {
  const host = makeHost();
  host.files.mkdir("/etc", root);
  host.files.write("/etc/hosts", "127.0.0.1 localhost # me\n10.0.0.1\ta A.example\n10.0.0.2 a\n", root);
  expect([...readHosts(host.files)]).toEqual([
    ["localhost", "127.0.0.1"],
    ["a", "10.0.0.1"],
    ["a.example", "10.0.0.1"],
  ]);
});
