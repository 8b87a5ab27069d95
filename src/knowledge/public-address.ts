// Whether an address is on the public internet. Whatever is not plainly so may be a machine that trusts its neighbours.

import ipaddr from "ipaddr.js";

/** Global unicast addresses of IPv6 all lie in this block (RFC 4291, 2.4); NAT64 and the like lie outside. */
const GLOBAL = ipaddr.parseCIDR("2000::/3");
/** Blocks inside the public ranges that are not: documentation (RFC 9637), and the host that Azure's machines ask for their keys. */
const INNER = ["3fff::/20", "168.63.129.16/32"].map((block) => ipaddr.parseCIDR(block));

/** True for an address that anyone on the internet could reach; false for everything else, what is no address included. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  const isInner = INNER.some((block) => block[0].kind() === parsed.kind() && parsed.match(block));
  return !isInner && (parsed.kind() === "ipv4" || parsed.match(GLOBAL));
}
