// Shows admins what stores the documents: its version, how much it holds, whether it is well.

import type { KnowledgeStatus } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import type { Reply } from "../../core/reply.ts";
import type { Kb } from "./args.ts";

export async function* showStatus({ tools, workspace, say, language }: Kb): AsyncGenerator<Reply> {
  const [status, documents] = await Promise.all([tools.knowledge.status(), tools.knowledge.list(workspace)]);
  const passages = documents.reduce((sum, document) => sum + document.passages, 0);
  const count = (number: number): string => number.toLocaleString(language);
  const rows = [[say(HERE), say(held(count(documents.length), count(passages)))], ...figuresOf(status, say, count)];
  yield { type: "text", text: say(status.store === "qdrant" ? HEALTH[status.health] : EMBEDDED) };
  yield { type: "table", table: { columns: [say(FIGURE), say(VALUE)], rows } };
}

function figuresOf(status: KnowledgeStatus, say: Kb["say"], count: (number: number) => string): string[][] {
  if (status.store === "embedded") {
    const { version, documents, passages, vectors, bytes } = status;
    return [
      [say(STORE), `SQLite ${version}`],
      [say(EVERYWHERE), say(held(count(documents), count(passages)))],
      [say(WITH_MEANING), count(vectors)],
      [say(FILE), `${(bytes / 1e6).toFixed(1)} MB`],
    ];
  }
  const { version, collection, points, segments, building } = status;
  return [
    [say(STORE), `Qdrant ${version}`],
    [say(COLLECTION), collection],
    [say(POINTS), count(points)],
    [say(SEGMENTS), count(segments)],
    ...(building === undefined ? [] : [[say(BUILDING), building]]),
  ];
}

const HEALTH: Readonly<Record<Extract<KnowledgeStatus, { store: "qdrant" }>["health"], Phrase>> = {
  green: { en: "The knowledge base is well.", "zh-TW": "知識庫運作正常。" },
  yellow: {
    en: "The knowledge base answers; Qdrant is optimising it, so searches may take longer for a while.",
    "zh-TW": "知識庫可以使用；Qdrant 正在最佳化，搜尋可能會暫時變慢。",
  },
  grey: {
    en: "The knowledge base answers, but Qdrant has not optimised it since it was started. It goes on with the next document that is added.",
    "zh-TW": "知識庫可以使用，但 Qdrant 重新啟動後還沒有繼續最佳化，下次加入文件時就會繼續。",
  },
  red: {
    en: "Qdrant reports that the collection is damaged: some searches may fail. Its log says why; put a snapshot back or add the documents again.",
    "zh-TW": "Qdrant 回報資料集合出了問題，有些搜尋可能會失敗。原因請看 Qdrant 的記錄，再用快照還原，或重新加入文件。",
  },
};
const EMBEDDED: Phrase = {
  en: "The documents are kept in the data folder of this process.",
  "zh-TW": "文件存放在這個程序的資料夾裡。",
};
const FIGURE: Phrase = { en: "Figure", "zh-TW": "項目" };
const VALUE: Phrase = { en: "Value", "zh-TW": "數值" };
const HERE: Phrase = { en: "This workspace, bundled documents included", "zh-TW": "這個工作區（含內建文件）" };
const EVERYWHERE: Phrase = { en: "All workspaces", "zh-TW": "所有工作區" };
const STORE: Phrase = { en: "Kept by", "zh-TW": "存放於" };
const WITH_MEANING: Phrase = { en: "Documents also found by meaning", "zh-TW": "也能依語意找到的文件" };
const FILE: Phrase = { en: "File", "zh-TW": "檔案大小" };
const COLLECTION: Phrase = { en: "Collection", "zh-TW": "資料集合" };
const POINTS: Phrase = { en: "Points", "zh-TW": "資料點" };
const SEGMENTS: Phrase = { en: "Segments", "zh-TW": "區段" };
const BUILDING: Phrase = { en: "Being built to take its place", "zh-TW": "正在建立、即將取代" };

function held(documents: string, passages: string): Phrase {
  return { en: `${documents} documents, ${passages} passages`, "zh-TW": `${documents} 份文件，${passages} 個段落` };
}
