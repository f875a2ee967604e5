/** Writes an image into its rows: the document with what lies aside of it, and the stamps of its later changes. */
import { PackBuffer } from "../../shared/crdt/pack-buffer.ts";
import { packCreation, packStamps } from "../../shared/crdt/packed-stamps.ts";
import type { Image } from "./image.ts";
import { recordKey } from "./record-key.ts";
import type { Statements } from "./statements.ts";

/**
 * Behind a new document: pages are filled to their last bytes, and one that is full splits when a document in it grows by a byte. The
 * first time it is rewritten a document gives this room to its page.
 */
const ROOM_TO_GROW = "  ";

const pack = new PackBuffer();

/** One parse and one stringify a record: this is the stringify. A fresh image gets its rows here. */
export const writeRow = (sql: Statements, image: Image): void => {
  const { num, collection, state, history, stamps } = image;
  while (image.doc.length > 0 && image.doc[image.doc.length - 1] === null) image.doc.pop();
  const doc = JSON.stringify(image.doc);
  const aside = image.aside.length === 0 ? null : JSON.stringify(image.aside);
  if (image.fresh) {
    packCreation(stamps, image.base, pack);
    sql.insertRecord.run(num, recordKey(image.id), collection.num, state, doc + ROOM_TO_GROW, pack.packed(), aside, history);
  } else sql.updateRecord.run(state, doc, aside, history, num);
  packStamps(stamps, image.doc, pack);
  if (image.hasPacked) sql.updateStamps.run(pack.packed(), num);
  else if (pack.length > 0) sql.insertStamps.run(num, pack.packed());
};
