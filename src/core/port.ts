// Sets what holds at every port that Heed opens: paths, time limits and sizes.

/** For `createServer` of node:http, in milliseconds and bytes: whoever dawdles, or never stops, is cut off. */
export interface PortLimits {
  headersTimeout: number;
  requestTimeout: number;
  keepAliveTimeout: number;
  connectionsCheckingInterval: number;
  maxHeaderSize: number;
}

export const PORT_LIMITS: PortLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 16 * 1024,
};

/** Further connections are refused, so that the process keeps file descriptors for its own work. */
export const MOST_CONNECTIONS = 1000;

/**
 * The path that a request's target names, as it was sent; undefined where the target names none. Throws nothing.
 * `new URL(target, base)` would throw at "//" and take "//host/path" for another host's.
 */
export function pathOf(target: string | undefined): string | undefined {
  if (target?.startsWith("/")) return target.replace(/[?#].*$/s, "");
  const url = URL.parse(target ?? "");
  return url && /^https?:$/.test(url.protocol) ? url.pathname : undefined;
}
