// The parts of an office file: members of its archive by their names, and the relations that lead from one to another. Format: ECMA-376, part 2.

import { createUnpacker, listZip, type Member } from "./zip.ts";
import { readXml } from "./xml.ts";

export interface Parts {
  has(name: string): boolean;
  /** Throws RangeError where there is no such part, BotError "too-large" past the bound of the whole archive. */
  read(name: string): Uint8Array;
  /** The part as text; empty where there is none. */
  text(name: string): string;
  /** The part as text; throws like `read`. */
  requiredText(name: string): string;
}

const TITLE = /<dc:title>([^<]+)<\/dc:title>/;
const PLACEHOLDER =
  /^(?:(?:Microsoft )?(?:PowerPoint|Word|Excel) .*|Document\d*|Presentation\d*|Book\d*|文件\s?\d*|簡報\d*|活頁簿\d*|Untitled|未命名.*)$/i;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function openParts(bytes: Uint8Array): Parts {
  const byName = new Map((listZip(bytes) ?? []).map((member: Member) => [member.name, member]));
  const unpack = createUnpacker(bytes);
  const unpacked = new Map<string, Uint8Array>();
  const read = (name: string) => {
    const member = byName.get(name);
    if (!member) throw new RangeError(`there is no ${name} in the archive`);
    const content = unpacked.get(name) ?? unpack(member);
    unpacked.set(name, content);
    return content;
  };
  const requiredText = (name: string) => new TextDecoder().decode(read(name));
  return {
    has: (name) => byName.has(name),
    read,
    text: (name) => (byName.has(name) ? requiredText(name) : ""),
    requiredText,
  };
}

/** The title in the file's properties, unless a program put it there. */
export function titleIn(parts: Parts): string | undefined {
  const title = TITLE.exec(parts.text("docProps/core.xml"))?.[1]
    ?.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .trim();
  return title && !PLACEHOLDER.test(title) ? title : undefined;
}

/** Where each relation of a part leads, by its id: names of other parts. */
export async function relationsOf(
  part: string,
  parts: Parts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const at = part.lastIndexOf("/") + 1;
  const folder = part.slice(0, at);
  const relations = new Map<string, string>();
  const open = (name: string, { Id = "", Target = "", TargetMode }: Readonly<Record<string, string>>) => {
    if (name === "Relationship" && TargetMode !== "External") relations.set(Id, resolve(folder, Target));
  };
  await readXml(parts.text(`${folder}_rels/${part.slice(at)}.rels`), { open }, signal);
  return relations;
}

function resolve(folder: string, target: string): string {
  return new URL(target, `file:///${folder}`).pathname.slice(1);
}
