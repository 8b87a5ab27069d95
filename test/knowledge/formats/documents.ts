// Documents for the tests, made on the spot: the files that people have, and the files that people should not have.

import { deflateRawSync } from "node:zlib";
import { listZip } from "../../../src/knowledge/formats/package.ts";

export const latin1 = (text: string) => Uint8Array.from(text, (unit) => unit.charCodeAt(0));
export const utf8 = (text: string) => new TextEncoder().encode(text);

/** A page's content stream and the resources that it names. */
interface PdfPage {
  content: string;
  resources?: string;
}

/** A PDF by hand: pdf-lib can neither name a font without its file nor lock a document. `extra` objects begin at number 3. */
export function makePdf(pages: readonly PdfPage[], { extra = [] as string[], trailer = "" } = {}): Uint8Array {
  const first = 3 + extra.length;
  const kids = pages.map((_, i) => `${first + 2 * i} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    ...extra,
    ...pages.flatMap(({ content, resources = "" }, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents ${first + 2 * i + 1} 0 R >>`,
      stream(content),
    ]),
  ];
  let file = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n";
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return latin1(
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`,
  );
}

export function stream(content: string, dictionary = ""): string {
  return `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** A font that is named and not embedded, so that its text can only be read through the table of its encoding. */
export function cjkFont(encoding: string, ordering: string): string[] {
  return [
    `<< /Type /Font /Subtype /Type0 /BaseFont /Named-${encoding} /Encoding /${encoding} /DescendantFonts [4 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Named /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 >>`,
    "<< /Type /FontDescriptor /FontName /Named /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
  ];
}

/** Lines of already encoded bytes, one below the other. */
export function showLines(lines: readonly Uint8Array[]): string {
  const shown = lines.map((bytes) => `<${Buffer.from(bytes).toString("hex")}> Tj 0 -18 Td`).join("\n");
  return `BT /F1 12 Tf 72 760 Td\n${shown}\nET`;
}

export const imagePage: PdfPage = {
  content: "q 500 0 0 700 40 70 cm /Im1 Do Q",
  resources: "/XObject << /Im1 3 0 R >>",
};
export const image = stream(
  "\u00ff\u0000\u00ff",
  "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8",
);

/** Wants a password that nobody gave. */
export function lockedPdf(): Uint8Array {
  const key = "00".repeat(32);
  const lock = `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${key}> /U <${key}> >>`;
  const pages = [{ content: "BT /F1 12 Tf 72 700 Td (secret) Tj ET" }];
  return makePdf(pages, { extra: [lock], trailer: `/Encrypt 3 0 R /ID [<${key}> <${key}>]` });
}

/** An archive of which one member is there and cannot be unpacked. */
export function withDamaged(zip: Uint8Array, name: string): Uint8Array {
  const member = listZip(zip)?.find((each) => each.name === name);
  if (!member) throw new Error(`there is no ${name} to damage`);
  const copy = Uint8Array.from(zip);
  const view = new DataView(copy.buffer);
  const start =
    member.offset + 30 + view.getUint16(member.offset + 26, true) + view.getUint16(member.offset + 28, true);
  return copy.fill(0xff, start, start + member.packed);
}

/** A ZIP archive of deflated members. */
export function makeZip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const packed = deflateRawSync(content, { level: 9 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const head = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    local.push(head, packed);
    central.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), fields, tail, Buffer.from(name));
    offset += head.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(members).length, 4);
  end.writeUInt16LE(Object.keys(members).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\u0005\u0006"), end]);
}
