import { expect, test } from "vitest";
import {
  cidrContains,
  cidrSize,
  cidrsOverlap,
  cidrText,
  ipText,
  nextFree,
  nthAddress,
  nthSubnet,
  parseCidr,
  parseIp,
} from "../../src/base/cidr.ts";
import { complaint } from "./complaint.ts";

test.each([
  ["10.96.0.1", "10.96.0.1"],
  ["255.255.255.255", "255.255.255.255"],
  ["0.0.0.0", "0.0.0.0"],
  ["fd00:10:96::1", "fd00:10:96::1"],
  ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
])("address %s is %s", (text, canonical) => {
  const ip = parseIp(text);
  expect(ip && ipText(ip)).toBe(canonical);
});

test.each([
  "",
  "10.0.0",
  "10.0.0.256",
  "10.0.0.01",
  "1.2.3.4.5",
  "a.b.c.d",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "12345::",
  "1:2:3:4:5:6:7::8",
  "::1%eth0",
])("%s is no address", (text) => expect(parseIp(text)).toBeUndefined());

test("networks", () => {
  const pods = parseCidr("10.244.0.0/16");
  expect(cidrText(parseCidr("10.244.7.9/16"))).toBe("10.244.0.0/16");
  expect(cidrContains(pods, parseIp("10.244.255.255")!)).toBe(true);
  expect(cidrContains(pods, parseIp("10.245.0.0")!)).toBe(false);
  expect(cidrContains(parseCidr("0.0.0.0/0"), parseIp("200.1.1.1")!)).toBe(true);
  expect(cidrContains(parseCidr("fd00::/8"), parseIp("fdff::1")!)).toBe(true);
  expect(cidrContains(parseCidr("fd00::/8"), parseIp("10.0.0.1")!)).toBe(false);
  expect(cidrText(nthSubnet(pods, 24, 3)!)).toBe("10.244.3.0/24");
  expect(nthSubnet(pods, 24, 256)).toBeUndefined();
  expect(cidrText(nthSubnet(parseCidr("fd00::/48"), 64, 258)!)).toBe("fd00:0:0:102::/64");
  expect(ipText(nthAddress(parseCidr("10.96.0.0/12"), 10)!)).toBe("10.96.0.10");
  expect(nthAddress(parseCidr("10.0.0.0/30"), 4)).toBeUndefined();
  expect(cidrSize(parseCidr("10.0.0.0/30"))).toBe(4n);
  expect(cidrsOverlap(pods, parseCidr("10.0.0.0/8"))).toBe(true);
  expect(cidrsOverlap(pods, parseCidr("10.96.0.0/12"))).toBe(false);
  expect(complaint(() => parseCidr("10.0.0.0/33"))).toBe("invalid CIDR address: 10.0.0.0/33");
  expect(complaint(() => parseCidr("10.0.0.0"))).toBe("invalid CIDR address: 10.0.0.0");
});

test("the next free address", () => {
  const used = new Set(["10.0.0.1", "10.0.0.2"]);
  expect(nextFree(parseCidr("10.0.0.0/29"), (ip) => used.has(ip))).toBe("10.0.0.3");
  expect(nextFree(parseCidr("10.0.0.0/30"), (ip) => used.has(ip), 1)).toBe("10.0.0.3");
  expect(nextFree(parseCidr("10.0.0.0/30"), () => true)).toBeUndefined();
});
