// Reads the XML of office files piece by piece: a large sheet never stands in memory as a tree, and a stop is heard in between.

import type { Handler } from "htmlparser2";

/** What is told of each element; names come without their prefix. */
export type XmlHandler = Partial<{
  open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  text: (text: string) => void;
  close: (name: string) => void;
}>;

/** UTF-16 units between two looks at the signal. */
const STRETCH = 1_000_000;

/** Throws the signal's reason where it is aborted. */
export async function readXml(source: string, handler: XmlHandler, signal: AbortSignal): Promise<void> {
  const { Parser } = await import("htmlparser2");
  const parser = new Parser(handlerOf(handler), { xmlMode: true, decodeEntities: true });
  for (let at = 0; at < source.length; at += STRETCH) {
    parser.write(source.slice(at, at + STRETCH));
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  parser.end();
}

function handlerOf({ open, text, close }: XmlHandler): Partial<Handler> {
  return {
    ...(open && { onopentag: (name, attributes) => open(local(name), attributes) }),
    ...(text && { ontext: text }),
    ...(close && { onclosetag: (name) => close(local(name)) }),
  };
}

/** "x:row" and "row" are the same element: who writes the file chooses the prefix. */
function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
