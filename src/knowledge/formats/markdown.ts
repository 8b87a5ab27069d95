// Markdown is shown as it was written, so its text is the file itself; only front matter is taken off.

import { headingsOf } from "../../core/markdown.ts";
import { decodeText } from "./charset.ts";
import { defineFormat, NO_TITLE, type Extra } from "./define-format.ts";

const FRONT_MATTER = /^(---|\+\+\+)[ \t]*\n([\s\S]*?)\n\1[ \t]*(?:\n+|$)/;
const TITLE = /^title\s*[:=]\s*(.+)$/m;

const NO_HEADINGS: Extra = {
  name: "headings",
  lost: {
    en: "Its headings could not be told apart, so its passages stand under none.",
    "zh-TW": "分不出文件的標題，段落因此沒有所屬的章節。",
  },
};

export const markdown = defineFormat({
  name: "Markdown",
  extensions: ["md", "markdown", "mdown", "mkd", "mdx"],
  mediaTypes: ["text/markdown", "text/x-markdown", "application/markdown"],
  async parse(bytes, { extra }) {
    const written = await decodeText(bytes);
    const front = FRONT_MATTER.exec(written);
    const text = front ? written.slice(front[0].length) : written;
    const headings = await extra(NO_HEADINGS, () => headingsOf(text), []);
    const named = await extra(NO_TITLE, () => titleIn(front?.[2]), undefined);
    const title = named ?? headings.find(({ level }) => level === 1)?.text;
    return { ...(title && { title }), text, headings, pages: [], warnings: [] };
  },
});

function titleIn(front: string | undefined): string | undefined {
  const title = TITLE.exec(front ?? "")?.[1]?.trim();
  return title?.replace(/^(["'])(.*)\1$/, "$2").trim() || undefined;
}
