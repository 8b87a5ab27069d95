// Fetching, against a server on this machine that misbehaves in every way that servers do, and the real rules against inner addresses.

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { createFetchPage, type FetchRules, isPublicAddress } from "../../src/knowledge/fetch/fetch-page.ts";

const PAGE = "<!doctype html><title>手冊</title><p>實習生的規定。";
const MEBIBYTE = 1024 * 1024;
const signal = () => new AbortController().signal;

/** Every host is this machine, and this machine is allowed; `public.test` and the like are what the rules see. */
const here: Partial<FetchRules> = {
  resolve: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
  permits: (address) => address === "127.0.0.1",
  timeLimit: 30_000,
  sizeLimit: MEBIBYTE,
};

const nobody = () => Promise.reject(new Error("ENOTFOUND"));
const halfInside = () =>
  Promise.resolve([
    { address: "93.184.215.14", family: 4 },
    { address: "10.0.0.1", family: 4 },
  ]);
/** The real rules but for this machine, and a name that leads inside. */
const insideNamed: Partial<FetchRules> = {
  resolve: (host) => Promise.resolve([{ address: host === "inside.test" ? "192.168.0.1" : "127.0.0.1", family: 4 }]),
  permits: (address) => address === "127.0.0.1" || isPublicAddress(address),
};

const bodies: Readonly<Record<string, RequestListener>> = {
  "/手冊": (_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE),
  "/gzip": (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(PAGE)),
  "/big5": (_, response) =>
    response.setHeader("content-type", "text/html; charset=Big5").end(Buffer.from("a668c059", "hex")),
  "/wrong-charset": (_, response) => response.setHeader("content-type", "text/html; charset=x-none").end(PAGE),
  "/named": (_, response) =>
    response.setHeader("content-disposition", "attachment; filename*=UTF-8''%E6%89%8B%E5%86%8A.pdf").end("%PDF-"),
  "/raw-name": (_, response) =>
    response
      .setHeader("content-disposition", Buffer.from('inline; filename="../手冊.txt"').toString("latin1"))
      .end("x"),
  "/picture": (_, response) => response.setHeader("content-type", "image/png").end("x"),
  "/missing": (_, response) => response.writeHead(404).end(),
  "/signed-in": (_, response) => response.writeHead(403).end(),
  "/busy": (_, response) => response.writeHead(503, { "retry-after": "7" }).end(),
  "/part": (_, response) => response.writeHead(206).end("part"),
  "/loop": (_, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/nowhere": (_, response) => response.writeHead(302).end(),
  "/silent": () => undefined,
  "/slow": (_, response) => drip(response, "a", 20),
  "/endless": (_, response) => drip(response, "a".repeat(64 * 1024), 0),
  "/bomb": (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(300 * MEBIBYTE))),
  "/claims": (_, response) => response.writeHead(200, { "content-length": String(2 * MEBIBYTE) }).write("a"),
  "/broken": (_, response) =>
    response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy()),
  "/not-gzip": (_, response) => response.setHeader("content-encoding", "gzip").end("plain"),
  "/odd-coding": (_, response) => response.setHeader("content-encoding", "rot13").end("cynva"),
};

const served: string[] = [];
let server: Server;
let base: string;

function drip(response: Parameters<RequestListener>[1], text: string, pause: number): void {
  const timer = setInterval(() => response.write(text), pause);
  response.on("close", () => clearInterval(timer));
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://host");
    served.push(pathname);
    const hops = Number(searchParams.get("hops"));
    const to = searchParams.get("to");
    if (to) response.writeHead(302, { location: to }).end();
    else if (hops > 0) response.writeHead(301, { location: `?hops=${hops - 1}` }).end();
    else bodies[decodeURIComponent(pathname)]!(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://public.test:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function failure(url: string, rules: Partial<FetchRules> = here): Promise<BotError> {
  const outcome: unknown = await createFetchPage(rules)(url, signal()).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(BotError);
  const error = outcome as BotError;
  expect(error.phrase["zh-TW"]).toMatch(/\p{Script=Han}.*。$/u);
  return error;
}

const fetched = (path: string) => createFetchPage(here)(base + path, signal());

describe("fetching a page", () => {
  test("gives its bytes, type and name", async () => {
    const upload = await fetched("/手冊#part");
    expect({ ...upload, bytes: Buffer.from(upload.bytes).toString() }).toEqual({
      name: "手冊",
      bytes: PAGE,
      mediaType: "text/html; charset=utf-8",
      origin: encodeURI(`${base}/手冊`),
      url: encodeURI(`${base}/手冊`),
    });
  });

  test("unpacks, and brings the header's charset into the bytes", async () => {
    expect(Buffer.from((await fetched("/gzip")).bytes).toString()).toBe(PAGE);
    expect(Buffer.from((await fetched("/big5")).bytes).toString()).toBe("多頭");
    expect(Buffer.from((await fetched("/wrong-charset")).bytes).toString()).toBe(PAGE);
  });

  test("takes the name that the server gives, without its folders", async () => {
    expect((await fetched("/named")).name).toBe("手冊.pdf");
    expect((await fetched("/raw-name")).name).toBe(".. 手冊.txt");
  });

  test("follows five redirects and no more, and keeps the address that was asked for", async () => {
    const path = encodeURI("/手冊?hops=5");
    expect(await fetched(path)).toMatchObject({ origin: base + path, name: "手冊" });
    expect(await failure(`${base}/gzip?hops=6`)).toMatchObject({ code: "unreadable" });
    expect((await failure(`${base}/loop`)).phrase.en).toMatch(/more than 5 times/);
    expect((await failure(`${base}/nowhere`)).phrase.en).toMatch(/302/);
  });

  test.each([
    ["/picture", "unreadable", /image\/png; I read Markdown, .*EPUB.* and XML/],
    ["/missing", "not-found", /404/],
    ["/signed-in", "forbidden", /sign in/],
    ["/part", "unreadable", /206/],
    ["/claims", "too-large", /1 MB/],
    ["/endless", "too-large", /1 MB/],
    ["/bomb", "too-large", /1 MB/],
    ["/broken", "connection-lost", /connection to public\.test/],
    ["/not-gzip", "connection-lost", /connection to public\.test/],
    ["/odd-coding", "unreadable", /rot13/],
  ])("%s is refused as %s", async (path, code, reason) => {
    const error = await failure(base + path);
    expect(error.code).toBe(code);
    expect(error.phrase.en).toMatch(reason);
  });

  test("passes on when to come back", async () => {
    expect(await failure(`${base}/busy`)).toMatchObject({ code: "unavailable", retryAfterMs: 7000 });
  });

  test.each(["/silent", "/slow"])("gives up on %s in time", async (path) => {
    expect(await failure(base + path, { ...here, timeLimit: 150 })).toMatchObject({ code: "timeout" });
  });

  test("gives up on names that nobody answers for", async () => {
    const never = new Promise<never>(() => undefined);
    expect(await failure(base, { ...here, timeLimit: 50, resolve: () => never })).toMatchObject({ code: "timeout" });
    expect(await failure(base, { ...here, resolve: () => Promise.resolve([]) })).toMatchObject({ code: "not-found" });
    expect(await failure(base, { ...here, resolve: nobody })).toMatchObject({ code: "not-found" });
  });

  test("stops where it is told to", async () => {
    const reason = new BotError("stopped", { en: "Stopped.", "zh-TW": "已停止。" });
    await expect(createFetchPage(here)(base, AbortSignal.abort(reason))).rejects.toBe(reason);
    const stopping = new AbortController();
    const fetching = createFetchPage(here)(`${base}/slow`, stopping.signal);
    setTimeout(() => stopping.abort(reason), 50);
    await expect(fetching).rejects.toBe(reason);
  });
});

describe("what may not be fetched", () => {
  test.each(["", "no address", "//host/x", "https://", `https://a.b/${"x".repeat(2000)}`])(
    "%p is no address",
    async (url) => {
      expect(await failure(url, {})).toMatchObject({ code: "usage" });
    },
  );

  test.each(["file:///etc/passwd", "ftp://a.b/c", "data:text/plain,x", "javascript:1", "http://user:pass@a.b/"])(
    "%s is not asked for",
    async (url) => {
      expect(await failure(url, {})).toMatchObject({ code: "usage" });
    },
  );

  test.each([
    "http://127.0.0.1",
    "http://localhost",
    "http://[::1]",
    "http://[::ffff:127.0.0.1]",
    "http://[fd00::1]",
    "http://[64:ff9b::7f00:1]",
    "http://169.254.169.254/latest/meta-data/",
    "http://2130706433",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://127.1",
    "http://0",
    "http://10.0.0.1:8080",
    "https://192.168.1.1",
    "http://１２７.０.０.１",
  ])("%s is inside", async (url) => {
    const error = await failure(url, {});
    expect(error.code).toBe("forbidden");
    expect(error.phrase.en).toMatch(/is not a public address/);
  });

  test("a name is refused when any of its addresses is inside", async () => {
    expect(await failure(base, { resolve: halfInside })).toMatchObject({ code: "forbidden" });
  });

  test.each(["http://10.0.0.1/", "http://[::1]/", "//169.254.169.254/", "http://inside.test/"])(
    "a redirect to %s is not followed",
    async (to) => {
      expect(await failure(`${base}/x?to=${to}`, { ...here, ...insideNamed })).toMatchObject({ code: "forbidden" });
    },
  );

  test("a redirect to another protocol or with a password is not followed", async () => {
    expect(await failure(`${base}/x?to=file:///etc/passwd`)).toMatchObject({ code: "usage" });
    expect(await failure(`${base}/x?to=http://a:b@public.test/`)).toMatchObject({ code: "usage" });
  });

  test("a name is looked up once a hop, and the connection goes to what was checked", async () => {
    const answers = ["127.0.0.1", "10.0.0.1"];
    const asked: string[] = [];
    const resolve = (host: string) => {
      asked.push(host);
      return Promise.resolve([{ address: answers[asked.length - 1]!, family: 4 }]);
    };
    const upload = await createFetchPage({ ...here, resolve })(`${base}/gzip`, signal());
    expect(Buffer.from(upload.bytes).toString()).toBe(PAGE);
    expect(asked).toEqual(["public.test"]);
    const before = served.length;
    expect(await failure(`${base}/gzip`, { ...here, resolve })).toMatchObject({ code: "forbidden" });
    expect(served).toHaveLength(before);
  });
});
