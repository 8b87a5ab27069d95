// XML: what its elements say, and the charset that it declares.

import { expect, test } from "@jest/globals";
import { formatFor } from "../../../src/knowledge/formats/index.ts";
import { xml } from "../../../src/knowledge/formats/xml.ts";
import { contextOf, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const read = async (source: string) => (await xml.read(utf8(source), contextOf())).text;
const MENU = '<?xml version="1.0"?><menu><dish><name>牛肉麵</name><price>180</price></dish></menu>';

holdFormat(xml, () => ({
  chinese: { bytes: utf8(MENU), words: ["牛肉麵", "180"], headings: [] },
  extras: ["elements"],
  refused: {
    "only tags": { bytes: utf8('<?xml version="1.0"?><a><b/><c> </c></a>'), reason: /no text in the elements/ },
    binary: { bytes: latin1("<?xml ?>\u0000\u0001\u0002"), reason: /binary: These bytes are no text/ },
  },
}));

test("a record is a line, prose a paragraph, and values in attributes are named", async () => {
  expect(await read(MENU)).toBe("name: 牛肉麵 · price: 180");
  const book =
    "<book><title>Leave</title><para>Seven <emph>whole</emph> days\n  a year.</para><para>Ask first &amp; early.</para></book>";
  expect(await read(book)).toBe("Leave\nSeven whole days a year.\nAsk first & early.");
  const cities =
    '<x:list xmlns:x="urn:x"><x:city name="Keelung" sales="310" xml:id="c1"/><x:city name="Taipei"/></x:list>';
  expect(await read(cities)).toBe("name: Keelung · sales: 310\nname: Taipei");
  const feed =
    "<rss><channel><item><title>News</title><description><![CDATA[<p>Open <b>today</b>.</p>]]></description></item></channel></rss>";
  expect(await read(feed)).toBe("title: News · description: Open today .");
});

test("what is long, or named twice, stands on lines of its own", async () => {
  const long = "word ".repeat(100).trim();
  expect(await read(`<a><title>T</title><body>${long}</body></a>`)).toBe(`T\n${long}`);
  expect(await read("<a><b>One.</b><b>Two.</b></a>")).toBe("One.\nTwo.");
  expect(await read("<a><t>員工餐廳</t><p>午餐供應到一點半。</p></a>")).toBe("員工餐廳 · 午餐供應到一點半。");
});

test.each([
  ["windows-1251", "d1e5e2e5f0", "Север"],
  ["big5", "adfba475", "員工"],
  ["iso-8859-7", "c1e8deede1", "Αθήνα"],
])("believes a declared charset: %s", async (charset, hex, words) => {
  const head = latin1(`<?xml version="1.0" encoding="${charset}"?><r><t>`);
  const bytes = Buffer.concat([head, Buffer.from(hex, "hex"), latin1("</t></r>")]);
  expect((await xml.read(bytes, contextOf())).text).toBe(words);
});

test("is known by its beginning, and a page in XML is a page", () => {
  expect(formatFor("a", undefined, utf8(MENU)).name).toBe("XML");
  expect(formatFor("a.xml", undefined, utf8("<a>x</a>")).name).toBe("XML");
  expect(formatFor("a.xml", undefined, utf8('<?xml version="1.0"?>\n<html xmlns="x"><p>Hi')).name).toBe("HTML");
});

test("takes broken elements, and those that nest deeper than anybody writes with their tags, at once", async () => {
  const started = performance.now();
  expect(await read("<a><b>One</c></b> <d>Two")).toMatch(/One.*Two/s);
  expect(await read("<a>x ".repeat(900))).toBe("x ".repeat(900).trim());
  const { text, warnings } = await xml.read(utf8(`${"<a>".repeat(100_000)}deep`), contextOf());
  expect(text).toMatch(/^<a>.*deep$/);
  expect(warnings[0]?.en).toMatch(/elements could not be told apart/);
  expect(performance.now() - started).toBeLessThan(2000);
});
