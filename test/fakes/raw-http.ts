// What strangers send to a port: bytes as they are, without a client that would tidy them.

import { connect } from "node:net";

/**
 * Sends bytes, and resolves with all that came back when the other side has closed. `ends`: this side closes its half
 * after them; `dropsAfterMs`: it tears the line down without waiting for an answer.
 */
export function speak(
  port: number,
  bytes: string | Uint8Array,
  { ends = false, dropsAfterMs = undefined as number | undefined } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes);
      if (ends) socket.end();
      if (dropsAfterMs !== undefined) setTimeout(() => socket.resetAndDestroy(), dropsAfterMs);
    });
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

/** The status of a raw answer; undefined where nothing came. */
export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}

const HOST = "Host: localhost\r\n";
const CLOSE = "Connection: close\r\n\r\n";

/** Whole requests whose target or head is odd. A server answers each. */
export const ODD_REQUESTS: readonly [name: string, bytes: string][] = [
  ...[
    "//",
    "///",
    "//host",
    "//%",
    "/%",
    "/%ff%fe",
    "/\\",
    "/..%2f..",
    "/?%",
    "/#",
    "http://",
    "http:///",
    "http://[",
  ].map((target): [string, string] => [`GET ${target}`, `GET ${target} HTTP/1.1\r\n${HOST}${CLOSE}`]),
  ["an absolute target", `GET http://elsewhere.example/nowhere HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["another protocol's target", `GET ftp://elsewhere.example/ HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["a target without a slash", `GET nowhere HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["OPTIONS *", `OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["no host", `GET // HTTP/1.1\r\n${CLOSE}`],
  ["HTTP/1.0", "GET // HTTP/1.0\r\n\r\n"],
  ["two hosts", `GET // HTTP/1.1\r\nHost: a\r\n${HOST}${CLOSE}`],
  ["an unknown method", `BREW // HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"],
  ["a newline alone", "GET / HTTP/1.1\nHost: localhost\n\n"],
  ["a header of 100 kB", `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(100_000)}\r\n${CLOSE}`],
  ["3,000 headers", `GET / HTTP/1.1\r\n${HOST}${"X: a\r\n".repeat(3000)}${CLOSE}`],
  ["a target of 100 kB", `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${HOST}${CLOSE}`],
  ["lengths that differ", `POST // HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n${CLOSE}ab`],
  ["a length that is no number", `POST // HTTP/1.1\r\n${HOST}Content-Length: many\r\n${CLOSE}`],
  [
    "a length and chunks",
    `POST // HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n${CLOSE}0\r\n\r\n`,
  ],
  ["a chunk of no size", `POST // HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n${CLOSE}zz\r\n`],
  [
    "an upgrade",
    `GET // HTTP/1.1\r\n${HOST}Upgrade: websocket\r\nConnection: upgrade, close\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  ],
  ["an expectation", `GET // HTTP/1.1\r\n${HOST}Expect: the-unexpected\r\n${CLOSE}`],
];

/** Requests that break off. Whoever broke them off wants no answer. */
export const BROKEN_OFF: readonly [name: string, bytes: string][] = [
  ["nothing", ""],
  ["half a line", "GET /hea"],
  ["half a head", `GET / HTTP/1.1\r\n${HOST}`],
  ["half a body", `POST / HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nhalf`],
  ["half a chunk", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nff\r\nhalf`],
  ["CONNECT", `CONNECT elsewhere.example:443 HTTP/1.1\r\n${HOST}\r\n`],
];
