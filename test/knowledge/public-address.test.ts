// Which addresses are public: every kind that is not, in every way to write it.

import { describe, expect, test } from "@jest/globals";
import { assert, ipV4, property } from "fast-check";
import { isPublicAddress } from "../../src/knowledge/fetch/fetch-page.ts";

const INNER = {
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  unspecified: ["0.0.0.0", "0.1.2.3", "::"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdab::1", "fec0::1"],
  "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
  metadata: ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  broadcast: ["255.255.255.255"],
  "mapped IPv4": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
  tunnels: ["2002:7f00:1::", "2001:0:7f00:1::", "192.88.99.1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  reserved: ["192.0.0.1", "198.18.0.1", "240.0.0.1", "100::1", "4000::1"],
  "no address": ["", "localhost", "1", "127.1", "0x7f.1", "2130706433", "8.8.8", "8.8.8.8/8", "[::1]"],
};

describe("public addresses", () => {
  test.each(Object.entries(INNER))("%s is not public", (_kind, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test("others are", () => {
    const outer = [
      "8.8.8.8",
      "1.1.1.1",
      "172.32.0.1",
      "100.128.0.1",
      "169.253.0.1",
      "2606:4700:4700::1111",
      "2a00:1450::5",
    ];
    expect(outer.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  test("no IPv4 address is public inside IPv6", () => {
    assert(
      property(ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false);
      }),
    );
  });
});
