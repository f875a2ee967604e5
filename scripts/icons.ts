/**
 * Draws the application's icons from resources/icons/icon.svg: PNG in every size that Linux wants, icon.ico for Windows, icon.icns for macOS.
 * Run by hand when the mark changes (`node scripts/icons.ts`); the results are kept in the repository, as packaging must not need a browser.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { chromiumInstallCommand, findChromium } from "./chromium-path.ts";
import { root } from "./run.ts";

const folder = path.join(root, "resources", "icons");
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
type Size = (typeof sizes)[number];

interface Picture {
  readonly size: Size;
  readonly png: Buffer;
}

/** The mark as PNG in each size, on a transparent ground. */
const draw = async (svg: string): Promise<readonly Picture[]> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(`drawing icons needs Chromium; this brings it: ${chromiumInstallCommand()}`);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const pictures: Picture[] = [];
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
    await page.close();
  }
  await browser.close();
  return pictures;
};

/** An ICO file: a directory of 16-byte entries, then the PNGs (Windows Vista and later read them as they are). */
const icoFile = (pictures: readonly Picture[]): Buffer => {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
};

/** Apple's name for a PNG of each size. */
const icnsTypes = new Map<Size, string>([
  [128, "ic07"],
  [256, "ic08"],
  [512, "ic09"],
  [1024, "ic10"],
]);

/** An ICNS file: `icns`, the length of the whole, then chunks of type, length, PNG. */
const icnsFile = (pictures: readonly Picture[]): Buffer => {
  const chunk = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(type, "latin1");
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  const chunks = pictures.flatMap(({ size, png }) => {
    const type = icnsTypes.get(size);
    return type === undefined ? [] : [chunk(type, png)];
  });
  return chunk("icns", Buffer.concat(chunks));
};

const pictures = await draw(readFileSync(path.join(folder, "icon.svg"), "utf8"));
mkdirSync(path.join(folder, "png"), { recursive: true });
for (const { size, png } of pictures) writeFileSync(path.join(folder, "png", `${size}x${size}.png`), png);
writeFileSync(path.join(folder, "icon.ico"), icoFile(pictures.filter(({ size }) => size <= 256)));
writeFileSync(path.join(folder, "icon.icns"), icnsFile(pictures));
console.log(`icons: ${pictures.length} PNG files, icon.ico and icon.icns written to resources/icons`);
