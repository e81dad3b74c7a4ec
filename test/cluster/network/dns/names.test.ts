import { expect, test } from "vitest";
import { addressOf, reverseOf } from "../../../../src/cluster/network/dns/names.ts";

test.each(["10.96.0.1", "fd00:10:96::1c0e", "::1"])("%s and its reverse name", (address) => {
  expect(addressOf(reverseOf(address) ?? "")).toBe(address);
});

test.each(["1.0.96.in-addr.arpa.", "x.0.96.10.in-addr.arpa.", "1.0.ip6.arpa.", "example.org."])(
  "%s is the reverse name of no address",
  (name) => {
    expect(addressOf(name)).toBeUndefined();
  },
);
