// A web page is read as its article, in the order and with the structure that a reader sees.

import { describe, expect, test } from "@jest/globals";
import { html } from "../../../src/knowledge/formats/html.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { latin1, utf8 } from "./documents.ts";

const MENU = `<nav><ul>${"<li><a href='#'>選單項目</a></li>".repeat(20)}</ul></nav><div class="menu">${"<a href='#'>首頁</a> ".repeat(20)}</div>`;
const RULE =
  "實習生到職滿三個月後，每週得遠端工作至多三日。申請要由主管在系統送出，人資三個工作天內回覆，逾期視為同意。";
const ARTICLE = `<article><h1>員工手冊</h1><p>${RULE}</p><h2>交通費用</h2><p>${RULE}</p></article>`;
const page = (body: string, head = "<title>員工手冊 - 某公司</title>") =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
const readBytes = (bytes: Uint8Array) => html.read(bytes, contextOf());
const read = (source: string) => readBytes(utf8(source));

holdFormat(html, () => ({
  chinese: { bytes: utf8(page(MENU + ARTICLE)), words: [RULE], headings: ["員工手冊", "交通費用"] },
  extras: ["title", "article"],
  refused: {
    "no words": {
      bytes: utf8(page("<div id='root'></div><script>render('文字')</script>", "<title>App</title>")),
      reason: /filled by a program/,
    },
    "a frameset": {
      bytes: utf8(
        "<html><head><title>App</title></head><frameset cols='20%,*'><frame src='menu.html'><frame src='main.html'></frameset></html>",
      ),
      reason: /shows other pages in frames/,
    },
    binary: { bytes: latin1("<html>\u0000\u0001\u0002"), reason: /binary: These bytes are no text/ },
  },
}));

describe("html", () => {
  test("reads the article, not the menus, scripts and styles around it", async () => {
    const around = `<style>p{color:red}</style><script>alert("壞")</script>${MENU}${ARTICLE}<footer>版權所有</footer>`;
    const reading = await read(page(around));
    expect(reading.title).toBe("員工手冊");
    expect(reading.text).not.toMatch(/選單項目|首頁|版權所有|alert|color/);
    expect(reading.text.match(/員工手冊/g)).toHaveLength(1);
    expect(reading.headings.map(({ level, text }) => [level, text])).toEqual([
      [1, "員工手冊"],
      [2, "交通費用"],
    ]);
  });

  test("writes lists, tables, code and line breaks so that they can be read", async () => {
    const body = `<p>${RULE}</p><ul><li>甲<ul><li>內</li></ul></li><li>乙</li></ul><ol start="3"><li>丙<br>行</li></ol>
      <table><caption>價目</caption><tr><th>項目</th><th>金額</th></tr><tr><td>交通|車</td><td>1,200 元</td></tr><tr><td colspan="2">合計</td></tr></table>
      <pre>if (a)\n  b</pre><p>斷\n行 and a\nline</p>`;
    const { text } = await read(page(body, ""));
    expect(text).toContain("- 甲\n  - 內\n- 乙");
    expect(text).toContain("3. 丙\n   行");
    expect(text).toContain("價目\n\n| 項目 | 金額 |\n| --- | --- |\n| 交通\\|車 | 1,200 元 |\n| 合計 |  |");
    expect(text).toContain("```\nif (a)\n  b\n```");
    expect(text).toContain("斷行 and a line");
  });

  test("falls back to the page where there is no article", async () => {
    const reading = await read(page("<header><a href='#'>首頁</a></header><p>短短一句。</p>", ""));
    expect(reading.text).toBe("短短一句。");
  });

  test("keeps a page of tables whole", async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `<tr><td><a href="/${i}">品項 ${i}</a></td><td>${i * 10} 元</td></tr>`,
    );
    const { text } = await read(page(`<h1>價目表</h1><table>${rows.join("")}</table>`, "<title>價目表</title>"));
    expect(text).toContain("| 品項 29 | 290 元 |");
  });

  test("treats a table that lays out a page as its parts", async () => {
    const reading = await read(
      page(`<table><tr><td><h2>標題</h2><p>${RULE}</p></td><td>${RULE}</td></tr></table>`, ""),
    );
    expect(reading.headings.map(({ text }) => text)).toEqual(["標題"]);
    expect(reading.text).not.toContain("|");
    expectOffsets(reading);
  });

  test("points at headings inside list items", async () => {
    const reading = await read(page(`<p>${RULE}</p><ol><li><p>甲</p><h3>小節</h3><p>${RULE}</p></li></ol>`, ""));
    expect(reading.headings.map(({ text }) => text)).toEqual(["小節"]);
    expectOffsets(reading);
  });

  test("believes the charset that a page declares", async () => {
    const head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5"></head><body><p>';
    const big5 = Buffer.from("a668c059aa60b74ea44fbef7a8ee", "hex");
    const reading = await readBytes(Buffer.concat([latin1(head), big5, latin1("</p></body></html>")]));
    expect(reading.text).toBe("多頭注意力機制");
  });

  test.each([
    ["unknown elements that nest", "<x-a>".repeat(6000), /nest more than 5000 deep/],
    ["tags left open", "<font>".repeat(6000), /nest more than 5000 deep/],
    ["elements side by side", "<b>a</b>".repeat(201_000), /more than 200000 elements/],
    ["elements without an end tag", "<br>".repeat(201_000), /more than 200000 elements/],
  ])("refuses too many %s before anything is built", async (_, tags, reason) => {
    await expect(read(page(`<p>words</p>${tags}`, ""))).rejects.toMatchObject({ code: "too-large", message: reason });
  });

  test("reads fragments, and tags that nest without end", async () => {
    expect((await read("<p>片段</p><p>兩段</p>")).text).toBe("片段\n\n兩段");
    expect((await read(page(`${"<div>".repeat(1500)}深處的字${"</div>".repeat(1500)}`, ""))).text).toBe("深處的字");
  });
});
