// E-books: the chapters in the order of the spine, under their own headings or the titles of the table of contents.

import { describe, expect, test } from "@jest/globals";
import { epub } from "../../../src/knowledge/formats/epub.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { makeZip, utf8, withDamaged } from "./documents.ts";

const read = (bytes: Uint8Array) => epub.read(bytes, contextOf());
const XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"';
const chapter = (body: string) =>
  `<?xml version="1.0" encoding="utf-8"?><html ${XHTML}><head><title/><script src="x.js"/></head><body>${body}</body></html>`;

interface Made {
  /** Bodies by their file's name, in the spine's order. */
  chapters: Readonly<Record<string, string>>;
  /** Items of a navigation document's list, or an NCX's map. */
  nav?: string;
  ncx?: string;
  title?: string;
  more?: Readonly<Record<string, string>>;
}

function makeEpub({ chapters, nav, ncx, title = "", more = {} }: Made): Uint8Array {
  const names = Object.keys(chapters);
  const items = [
    ...names.map((name, i) => `<item id="c${i}" href="${encodeURI(name)}" media-type="application/xhtml+xml"/>`),
    nav && '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="scripted nav"/>',
    ncx && '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
    '<item id="cover" href="cover.jpg" media-type="image/jpeg"/>',
  ];
  const refs = [nav && "nav", "cover", ...names.map((_, i) => `c${i}`)].filter(Boolean);
  const spine = refs.map((id) => `<itemref idref="${id}"/>`).join("");
  return makeZip(
    Object.fromEntries(
      Object.entries({
        mimetype: "application/epub+zip",
        "META-INF/container.xml":
          '<container><rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "EPUB/book.opf": `<opf:package xmlns:opf="o"><opf:metadata><dc:title>${title}</dc:title><dc:title>A subtitle</dc:title></opf:metadata><opf:manifest>${items.filter(Boolean).join("")}</opf:manifest><opf:spine toc="ncx">${spine}</opf:spine></opf:package>`,
        ...(nav && {
          "EPUB/nav.xhtml": chapter(
            `<nav epub:type="landmarks"><ol><li><a href="x">L</a></li></ol></nav><nav epub:type="toc"><h1>目錄</h1><ol>${nav}</ol></nav>`,
          ),
        }),
        ...(ncx && { "EPUB/toc.ncx": `<ncx><docTitle><text>Book</text></docTitle><navMap>${ncx}</navMap></ncx>` }),
        ...Object.fromEntries(names.map((name) => [`EPUB/${name}`, chapter(chapters[name]!)])),
        ...more,
      }).map(([name, content]) => [name, utf8(content)]),
    ),
  );
}

const link = (href: string, words: string, inside = "") =>
  `<li><a href="${href}">${words}</a>${inside && `<ol>${inside}</ol>`}</li>`;
const point = (href: string, words: string, inside = "") =>
  `<navPoint><navLabel><text>${words}</text></navLabel><content src="${href}"/>${inside}</navPoint>`;
const RULES = { "text/1.xhtml": "<p>特休有七天。</p>", "text/2.xhtml": "<h2>加班</h2><p>加班要先申請。</p>" };

holdFormat(epub, () => {
  const whole = {
    chapters: RULES,
    nav: link("text/1.xhtml", "請假") + link("text/2.xhtml#x", "加班"),
    title: "員工手冊",
  };
  const bytes = makeEpub(whole);
  const words = "加班要先申請。";
  return {
    chinese: { bytes, words: ["特休有七天。", words], headings: ["請假", "加班"] },
    extras: ["table of contents", "encryption", "title"],
    damaged: {
      contents: { bytes: withDamaged(bytes, "EPUB/nav.xhtml"), words, warning: /table of contents could not be read/ },
      "a chapter": {
        bytes: withDamaged(bytes, "EPUB/text/1.xhtml"),
        words,
        warning: /1 chapter is damaged and was left out \(請假\)/,
      },
      encryption: {
        bytes: withDamaged(
          makeEpub({
            ...whole,
            chapters: { a: "<p>x</p>", ...RULES },
            more: { "META-INF/encryption.xml": "<x/>".repeat(50) },
          }),
          "EPUB/a",
        ),
        words,
        warning: /1 chapter is damaged/,
      },
    },
    refused: {
      "cut off": { bytes: bytes.subarray(0, 300), reason: /cut off: This file is damaged or not really EPUB/ },
      "without a package": {
        bytes: makeZip({ "META-INF/container.xml": utf8("<container/>") }),
        reason: /without a package: This file is damaged/,
      },
      pictures: { bytes: makeEpub({ chapters: { "a.xhtml": "<img src='1.jpg'/>" } }), reason: /no text in this book/ },
      "all damaged": {
        bytes: withDamaged(makeEpub({ chapters: { "a.xhtml": "<p>x</p>" } }), "EPUB/a.xhtml"),
        reason: /chapters of this book are damaged/,
      },
      protected: {
        bytes: makeEpub({
          chapters: { "a b.xhtml": "<p>x</p>" },
          more: {
            "META-INF/encryption.xml":
              '<encryption><enc:EncryptedData xmlns:enc="e"><enc:CipherReference URI="EPUB/a%20b.xhtml"/></enc:EncryptedData></encryption>',
          },
        }),
        reason: /protected against copying \(DRM\)/,
      },
    },
  };
});

describe("epub", () => {
  test("reads the chapters in the spine's order, not the contents' or the archive's, and each once", async () => {
    const chapters = { "z.xhtml": "<h1>One</h1><p>First.</p>", "a.xhtml": "<h1>Two</h1><p>Second.</p>" };
    const reading = await read(
      makeEpub({ chapters, nav: link("a.xhtml", "Two") + link("z.xhtml", "One"), title: " The\n Book " }),
    );
    expect(reading).toMatchObject({ title: "The Book", text: "# One\n\nFirst.\n\n# Two\n\nSecond.", warnings: [] });
    expectOffsets(reading);
  });

  test.each([
    [
      "EPUB 3",
      {
        nav: `<li><span>Part</span><ol>${link("a.xhtml", "One <b>of</b> two", link("b.xhtml#s2", "Inside"))}</ol></li>`,
      },
    ],
    ["EPUB 2", { ncx: point("cover.xhtml", "Part", point("a.xhtml#top", "One of two", point("b.xhtml", "Inside"))) }],
  ])("takes titles for chapters that have none from the contents of %s", async (_, contents) => {
    const chapters = { "a.xhtml": "<p>First.</p><h2>Own</h2><p>More.</p>", "b.xhtml": "<div><p>Second.</p></div>" };
    const { text, headings } = await read(makeEpub({ chapters, ...contents }));
    expect(text).toBe("## One of two\n\nFirst.\n\n## Own\n\nMore.\n\n### Inside\n\nSecond.");
    expect(headings.map(({ level, text: words }) => [level, words])).toEqual([
      [2, "One of two"],
      [2, "Own"],
      [3, "Inside"],
    ]);
    expectOffsets({ text, headings, pages: [], warnings: [] });
  });

  test("says no title twice", async () => {
    const chapters = { "a.xhtml": "<p>Volume I</p><h1>Loomings</h1><p>Call me Ishmael.</p>" };
    const { text } = await read(makeEpub({ chapters, nav: link("a.xhtml", "Loomings") }));
    expect(text).toBe("Volume I\n\n# Loomings\n\nCall me Ishmael.");
  });

  test("keeps footnotes, tables, readings out and what elements closed at once would swallow", async () => {
    const body =
      '<p>集合地點是<ruby>北投<rt>ㄅㄟˇ</rt></ruby>公園<a id="p1"/>。<span epub:type="pagebreak" title="3"/></p><table><tr><th>年資</th><th>天數</th></tr><tr><td>一年</td><td>七天</td></tr></table><aside epub:type="footnote"><p>註一。</p></aside>';
    const { text } = await read(makeEpub({ chapters: { "a.xhtml": body } }));
    expect(text).toBe("集合地點是北投公園。\n\n| 年資 | 天數 |\n| --- | --- |\n| 一年 | 七天 |\n\n註一。");
  });

  test("finds files by names with spaces, Chinese and escapes, and one in UTF-16", async () => {
    const chapters = { "第 一章.xhtml": "<p>一</p>", "text/a%20b.xhtml": "<p>二</p>" };
    expect((await read(makeEpub({ chapters }))).text).toBe("一\n\n二");
    const wide = Buffer.from(`\ufeff${chapter("<p>寬字元的一章</p>")}`, "utf16le");
    const narrow = makeEpub({ chapters: { "a.xhtml": "<p>x</p>" } });
    const members = {
      "META-INF/container.xml": utf8('<x><rootfile full-path="b.opf"/></x>'),
      "b.opf": utf8(
        '<x><manifest><item id="a" href="a.html" media-type="text/html"/></manifest><spine><itemref idref="a"/><itemref idref="none"/></spine></x>',
      ),
      "a.html": wide,
    };
    expect(narrow.length).toBeGreaterThan(0);
    expect((await read(makeZip(members))).text).toBe("寬字元的一章");
  });

  test("names a chapter that is not there, and goes on", async () => {
    const bytes = makeEpub({
      chapters: { "a.xhtml": "<p>Here.</p>" },
      more: {
        "EPUB/book.opf":
          '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="b" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
      },
    });
    const { text, warnings } = await read(bytes);
    expect(text).toBe("Here.");
    expect(warnings[0]?.en).toBe("1 chapter is damaged and was left out (1).");
  });

  test("leaves out a chapter that unpacks to more than anybody wrote, and reads the others", async () => {
    const bomb = `<p>x</p>${" ".repeat(11 * 1024 * 1024)}`;
    const bytes = makeEpub({ chapters: { "a.xhtml": bomb, "b.xhtml": "<p>Fine.</p>" } });
    expect(bytes.length).toBeLessThan(100 * 1024);
    const { text, warnings } = await read(bytes);
    expect(text).toBe("Fine.");
    expect(warnings[0]?.en).toMatch(/1 chapter is damaged and was left out \(1\)/);
  });
});
