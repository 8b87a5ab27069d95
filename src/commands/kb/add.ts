// `/kb add`: every file named is accounted for, loaded or not and why, and one that fails never stops the rest.

import type { Added, Upload } from "../../core/knowledge.ts";
import { BotError, explain } from "../../core/errors.ts";
import type { Attachment } from "../../core/invocation.ts";
import type { Phrase } from "../../core/language.ts";
import { fileTooLarge, LARGEST_FILE } from "../../core/limits.ts";
import type { Action, Reply } from "../../core/reply.ts";
import { listFiles, readFromDisk } from "../disk.ts";
import { target, type Kb } from "./args.ts";
import { namesPrimer, usePrimer } from "./documents.ts";

/** More lines than this are summed up; what failed is always named, up to a bound. */
const LINES = 20;
const FAILURES = 50;

/** One file or page: its name for the person, and how to get it. */
interface Item {
  name: string;
  open: () => Promise<Upload>;
}

interface Outcome {
  name: string;
  added?: Added;
  failure?: Phrase;
}

export async function* addDocuments(call: Kb): AsyncGenerator<Reply> {
  const { say, signal, attachments } = call;
  // Beside files it is a remark on them.
  if (attachments.length === 0 && namesPrimer(call)) return yield* usePrimer(true, call);
  const items = await itemsOf(call);
  const outcomes: Outcome[] = [];
  for (const [i, item] of items.entries()) {
    yield { type: "status", text: say(loading(item.name, i + 1, items.length)) };
    const outcome = await load(item, call);
    if (!outcome) break;
    outcomes.push(outcome);
    if (items.length <= LINES) yield { type: "text", text: `${line(outcome, say)}\n` };
  }
  if (items.length > LINES) yield* summary(outcomes, items.length, say);
  // Who stops a long load is told above how far it came.
  signal.throwIfAborted();
  if (outcomes.every(({ failure }) => failure)) throw nothingLoaded();
  const loaded = outcomes.flatMap(({ added }) => added ?? []);
  if (loaded.length === 1) yield { type: "actions", actions: afterLoading(loaded[0]!, say) };
}

/** What was loaded can be looked at, and what is new taken out again. */
function afterLoading({ document, outcome }: Added, say: Kb["say"]): readonly Action[] {
  const show: Action = {
    label: say(SHOW_PASSAGES),
    command: "kb",
    options: { action: "show", target: document.id },
    shows: "to-presser",
  };
  const undo: Action = {
    label: say(REMOVE_AGAIN),
    command: "kb",
    options: { action: "remove", target: document.id },
    shows: "below",
  };
  return outcome === "added" ? [show, undo] : [show];
}

async function itemsOf(call: Kb): Promise<readonly Item[]> {
  const { user, tools, signal, args, attachments, guidance } = call;
  const attached = attachments.map((attachment, i) => attachedItem(attachment, i, call));
  // Words beside attached files are a remark, unless they are an address.
  if (attached.length > 0 && !/^https?:\/\/\S+$/i.test(args.target?.trim() ?? "")) return attached;
  const what = target(call, addWhat(guidance));
  if (/^https?:\/\//i.test(what)) return [...attached, { name: what, open: () => tools.knowledge.fetch(what, signal) }];
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(what)) throw new BotError("usage", ONLY_HTTP);
  if (!user.isLocal) throw new BotError("usage", addWhat(guidance));
  const files = await listFiles(what, signal);
  return files.map((file) => ({ name: file.name, open: () => readFromDisk(file) }));
}

/** The same name again replaces the document; two of one name in one message are two. */
function attachedItem(attachment: Attachment, i: number, { attachments, download }: Kb): Item {
  const { name, mediaType, url, bytes: size = 0 } = attachment;
  const earlier = attachments.slice(0, i).filter((other) => other.name === name).length;
  const origin = `attachment:${name}${earlier > 0 ? ` (${earlier + 1})` : ""}`;
  return {
    name,
    async open() {
      if (size > LARGEST_FILE) throw fileTooLarge(size);
      const bytes = await download(attachment);
      if (bytes.length > LARGEST_FILE) throw fileTooLarge(bytes.length);
      return { name, bytes, origin, ...(mediaType && { mediaType }), ...(url && { url }) };
    },
  };
}

/** Undefined where it was stopped before it was done. */
async function load({ name, open }: Item, { tools, workspace, user, signal }: Kb): Promise<Outcome | undefined> {
  if (signal.aborted) return undefined;
  try {
    const added = await tools.knowledge.add(await open(), { workspace, user: user.name }, signal);
    return { name, added };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof BotError) tools.runtime.log.info("a document was refused", { name, error });
    else tools.runtime.log.error("a document could not be added", { name, error });
    return { name, failure: explain(error) };
  }
}

function line({ name, added, failure }: Outcome, say: Kb["say"]): string {
  if (!added) return `✗ ${name} — ${failure ? say(failure) : ""}`;
  const { document, passages, pages, outcome, warnings } = added;
  const facts = [say(OUTCOMES[outcome]), say(extent(passages, pages)), document.id];
  return [`✓ ${name} — ${facts.join(" · ")}`, ...warnings.map((warning) => `  ◔ ${say(warning)}`)].join("\n");
}

function* summary(outcomes: readonly Outcome[], files: number, say: Kb["say"]): Generator<Reply> {
  const failed = outcomes.filter(({ failure }) => failure);
  const warned = outcomes.filter(({ added }) => added && added.warnings.length > 0);
  yield { type: "text", text: `${say(total(outcomes, files))}\n` };
  for (const outcome of [...failed, ...warned].slice(0, FAILURES))
    yield { type: "text", text: `${line(outcome, say)}\n` };
  const unnamed = failed.length + warned.length - FAILURES;
  if (unnamed > 0) yield { type: "note", text: say(furtherProblems(unnamed)) };
}

const OUTCOMES: Readonly<Record<Added["outcome"], Phrase>> = {
  added: { en: "added", "zh-TW": "已加入" },
  replaced: { en: "replaced the earlier version", "zh-TW": "已取代舊版本" },
  unchanged: { en: "already there, unchanged", "zh-TW": "已經有了，內容相同" },
};

const SHOW_PASSAGES: Phrase = { en: "Show its passages", "zh-TW": "檢視段落" };
const REMOVE_AGAIN: Phrase = { en: "Remove it again", "zh-TW": "復原（移除）" };

/** Each platform says how files come to it. */
function addWhat({ filing }: Kb["guidance"]): Phrase {
  return { en: `Add what? ${filing.en}`, "zh-TW": `要加入什麼？${filing["zh-TW"]}` };
}
const ONLY_HTTP: Phrase = {
  en: "I fetch pages only by http:// and https://. Save what is at this address as a file, and add that.",
  "zh-TW": "我只抓取 http:// 和 https:// 的網頁。請把這個網址的內容存成檔案再加入。",
};

function loading(name: string, number: number, of: number): Phrase {
  const progress = of > 1 ? ` (${number}/${of})` : "";
  return { en: `Reading ${name}${progress}`, "zh-TW": `正在讀取 ${name}${progress}` };
}

function extent(passages: number, pages: number): Phrase {
  const [en, zh] = pages > 0 ? [`, ${pages} ${pages === 1 ? "page" : "pages"}`, `，${pages} 頁`] : ["", ""];
  return { en: `${passages} ${passages === 1 ? "passage" : "passages"}${en}`, "zh-TW": `${passages} 個段落${zh}` };
}

function total(outcomes: readonly Outcome[], files: number): Phrase {
  const loaded = outcomes.filter(({ added }) => added);
  const unchanged = loaded.filter(({ added }) => added?.outcome === "unchanged").length;
  const failed = outcomes.length - loaded.length;
  const left = files - outcomes.length;
  const [en, zh] = left > 0 ? [`, ${left} were not begun`, `，${left} 個還沒開始讀`] : ["", ""];
  return {
    en: `${loaded.length} of ${files} files are in the knowledge base (${unchanged} were already there), ${failed} could not be read${en}.`,
    "zh-TW": `${files} 個檔案中有 ${loaded.length} 個已在知識庫裡（其中 ${unchanged} 個原本就有），${failed} 個無法讀取${zh}。`,
  };
}

function furtherProblems(number: number): Phrase {
  return { en: `… and ${number} more with problems.`, "zh-TW": `…另外還有 ${number} 個檔案有問題。` };
}

function nothingLoaded(): BotError {
  return new BotError("unreadable", {
    en: "Nothing was added.",
    "zh-TW": "沒有加入任何文件。",
  });
}
