// E-mail: the header as it is meant, one of several alternatives, what is attached named.

import { describe, expect, test } from "@jest/globals";
import { formatFor } from "../../../src/knowledge/formats/index.ts";
import { mail } from "../../../src/knowledge/formats/mail.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const read = (source: string) => mail.read(latin1(source), contextOf());
const base64 = (text: string) => Buffer.from(text).toString("base64");
const HEADER = `From: Anna <anna@example.org>
To: team@example.org
Subject: =?UTF-8?B?${base64("押金")}?= =?UTF-8?Q?=E8=A6=8F=E5=AE=9A?=
MIME-Version: 1.0
`;
const message = (body: string) => `${HEADER}${body}`;
const parts = (type: string, ...each: readonly string[]) =>
  `Content-Type: ${type}; boundary="a b"\n\nIgnored.\n${each.map((part) => `--a b\n${part}\n`).join("")}--a b--\nIgnored.`;
const plain = (text: string) =>
  `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64(text)}`;
const html = (body: string) => `Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n${body}`;

holdFormat(mail, () => ({
  chinese: {
    bytes: latin1(message(plain("押金是三百元。"))),
    words: ["押金是三百元。", "From: Anna <anna@example.org> · To: team@example.org"],
    headings: ["押金規定"],
  },
  extras: [],
  damaged: {
    "a part": {
      bytes: latin1(
        `From a@example.org Mon Nov  2 09:00:00 2026\nSubject: One\nMIME-Version: 1.0\nTo: \u0000\u0001\u00ff\u00fe\n\nFirst.\n\nFrom a@example.org Mon Nov  2 09:00:00 2026\nSubject: Two\n\nSecond.\n`,
      ),
      words: "Second.",
      warning: /1 message is damaged and was left out \(1\)/,
    },
  },
  refused: {
    empty: {
      bytes: utf8("MIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\n\nJVBERi0="),
      reason: /no text in this mail/,
    },
    damaged: {
      bytes: latin1("Subject: \u0000\u0001\u00ff\u00fe\nMIME-Version: 1.0\n\nText"),
      reason: /This mail is damaged/,
    },
  },
}));

describe("mail", () => {
  test("is known by its header, and a note that begins with a name is not", () => {
    const nameOf = (name: string, text: string) => formatFor(name, undefined, utf8(text)).name;
    expect(nameOf("a", message("\nHi"))).toBe("mail");
    expect(nameOf("a", message("\nHi").replaceAll("\n", "\r\n"))).toBe("mail");
    expect(nameOf("a", "From a@example.org Mon Nov  2 09:00:00 2026\nSubject: x\n\nHi")).toBe("mail");
    expect(nameOf("a.eml", "Subject: x\n\nHi")).toBe("mail");
    expect(nameOf("a.txt", "From: Anna\nTo: Ben\nHi")).toBe("text");
    expect(nameOf("a.txt", "From January to March 2024\n\nHi")).toBe("text");
  });

  test("reads the plain one of alternatives, else the page, and everything that is mixed", async () => {
    const alternatives = parts("multipart/alternative", plain("Plain words."), html("<p>Rich words.</p>"));
    expect((await read(message(alternatives))).text).toMatch(/\n\nPlain words\.$/);
    const rich = parts(
      "multipart/alternative",
      plain(" "),
      html("<h2>Costs</h2><p>The deposit is =E2=82=AC=\n 300.</p>"),
    );
    const reading = await read(message(rich));
    expect(reading.text).toMatch(/\n\n## Costs\n\nThe deposit is € 300\.$/);
    expect(reading.title).toBe("押金規定");
    expectOffsets(reading);
    const mixed = parts("multipart/mixed", plain("One."), html("<p>Two.</p>"));
    expect((await read(message(mixed))).text).toMatch(/One\.\n\nTwo\.$/);
  });

  test("names what is attached, whatever its name is written in, and reads a message inside", async () => {
    const attached = `Content-Type: application/pdf; name="x"\nContent-Disposition: attachment;\n filename*0*=utf-8'';\n filename*1*=%E5%90%88%E7%B4%84.pdf\n\nJVBERi0=`;
    const old = `Content-Type: image/png;\n name="=?Big5?B?${Buffer.from("b9cfa4f9", "hex").toString("base64")}?="\n\niVBOR`;
    const inside = `Content-Type: message/rfc822\n\nSubject: Inner\nFrom: b@example.org\n\nInner words.`;
    const { text, warnings } = await read(
      message(parts("multipart/mixed", plain("See below."), attached, old, inside)),
    );
    expect(text).toMatch(/See below\.\n\n# Inner\n\nFrom: b@example\.org\n\nInner words\.$/);
    expect(warnings[0]?.en).toMatch(/^2 attachments were not read \(合約\.pdf, 圖片\)/);
  });

  test("reads each message of a mailbox under its subject", async () => {
    const postmark = "From a@example.org Mon Nov  2 09:00:00 2026\n";
    const box = `${postmark}Subject: One\n\nFirst.\n>From here on\nFrom me\n\n${postmark}Subject: Two\nContent-Type: text/plain; charset=big5\n\n\u00b4\u00fa\u00b8\u00d5\n`;
    const reading = await read(box);
    expect(reading.text).toBe("# One\n\nFirst.\nFrom here on\nFrom me\n\n# Two\n\n測試");
    expect(reading).not.toHaveProperty("title");
    expectOffsets(reading);
  });

  test("keeps to its bounds in parts inside parts and headers without an end", async () => {
    const deep = Array.from({ length: 40 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}`).join(
      "\n",
    );
    expect((await read(message(`${deep}\n${plain("Too deep.")}`))).text).not.toMatch(/Too deep/);
    const started = performance.now();
    const many = parts("multipart/mixed", ...Array<string>(5000).fill("\nx"));
    expect((await read(message(many))).text.match(/^x$/gm)?.length).toBeLessThan(1001);
    await read(message(`X: ${"=?utf-8?q? ".repeat(5000)}\nSubject: ${"=?a?b?".repeat(8000)}\n\nHi`));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
