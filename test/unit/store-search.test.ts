/** Search and the queries over indexed fields: by words, beginnings and near names; by value, by element of a set, by window. */
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { slipsBetween, wordsOf } from "../../main/store/search-words.ts";
import { hlcAt } from "../../shared/clock/hlc.ts";
import { replicaOf } from "../bench/merges.ts";
import { epochMs, ORDER, recordId } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const R3 = recordId("0198a000-0002-7000-8000-000000000003");

describe("words", () => {
  it("are folded and cut at what is no letter or digit", () => {
    expect(wordsOf("Müller & Söhne, Hauptstraße 12a (A-42)")).toEqual(["muller", "sohne", "hauptstrasse", "12a", "a", "42"]);
  });

  it.each([
    ["meier", "meyer", 1],
    ["schmidt", "schmitd", 1],
    ["schmidt", "schmit", 1],
    ["boiler", "pump", 2],
    ["ab", "ab", 0],
  ])("%s and %s are %i slips apart, counted up to one", (one, other, slips) => {
    expect(slipsBetween(one, other, 1)).toBe(slips);
  });
});

describe("search", () => {
  const test = useDesk();
  const find = (text: string) => test.desk.store.search(text, [ORDER], 10).map(({ id }) => id);
  /** What is asked must be answered alike before and after the index is brought up to date. */
  const twice = (check: () => void): void => {
    check();
    test.desk.worker.updateSearch(1000);
    expect(test.desk.worker.updateSearch(1000)).toBe(0);
    check();
  };

  it("finds by the beginnings of all words, newest record first, at once and from the index", () => {
    test.commit(put(R1, ["title"], "Boiler of Müller leaks"));
    test.commit(put(R2, ["title"], "Boiler inspection"), put(R2, ["tags", "urgent"], true));
    twice(() => {
      expect(find("boil")).toEqual([R2, R1]);
      expect(find("BOIL mull")).toEqual([R1]);
      expect(find("urgent")).toEqual([R2]);
      expect(find("leaks inspection")).toEqual([]);
      expect(find(" – ")).toEqual([]);
    });
  });

  it("forgives slips in names and puts exact hits first", () => {
    test.commit(put(R1, ["title"], "Heating at Schneider"));
    test.commit(put(R2, ["title"], "Heating at Schnieder"));
    twice(() => {
      expect(find("schneidr heat")).toEqual(expect.arrayContaining([R1]));
      expect(test.desk.store.search("schneider", [ORDER], 10)).toEqual([
        { id: R1, collection: ORDER, exact: true },
        { id: R2, collection: ORDER, exact: false },
      ]);
      expect(find("schlosser")).toEqual([]);
    });
  });

  it("follows each write: words that go are found no more, deleted records neither, restored ones again", () => {
    test.commit(put(R1, ["title"], "pump"), put(R1, ["tags", "spare"], true));
    test.desk.worker.updateSearch(1000);
    test.commit(put(R1, ["title"], "valve"), put(R1, ["tags", "spare"], false));
    twice(() => expect([find("pump"), find("spare"), find("valve")]).toEqual([[], [], [R1]]));
    test.commit({ kind: "delete", collection: ORDER, record: R1 });
    twice(() => expect(find("valve")).toEqual([]));
    test.undo();
    twice(() => expect(find("valve")).toEqual([R1]));
  });

  it("finds what was merged from another desk", () => {
    const other = test.other("b");
    const { change } = other.store.commit([put(R3, ["title"], "from elsewhere")], test.options());
    test.desk.worker.mergeLive(change, test.limit());
    twice(() => expect(find("elsew")).toEqual([R3]));
  });

  it("leaves nothing of a write that was not committed", () => {
    test.commit(put(R1, ["title"], "pump"));
    test.desk.worker.updateSearch(1000);
    expect(() => test.commit(put(R1, ["title"], "valve"), put(R1, ["minutes"], "no number"))).toThrow();
    twice(() => expect([find("valve"), find("pump")]).toEqual([[], [R1]]));
  });

  const bulk = (): void => {
    for (let n = 0; n < 60; n++) {
      test.commit(...Array.from({ length: 20 }, (_, i) => put(recordId(`bulk-${n}-${i}`), ["title"], `bulk number${n}x${i}`)));
    }
  };

  it("misses nothing however much is due, also after a restart", () => {
    bulk();
    test.restart();
    expect(find("number0x0")).toEqual([recordId("bulk-0-0")]);
    expect(test.desk.store.search("bulk", [ORDER], 2000)).toHaveLength(1200);
    expect(test.desk.store.verify().integrity).toEqual([]);
  });

  it("is brought in by steps until a search is short, and never answers from before a write", () => {
    bulk();
    let steps = 0;
    while (test.desk.store.bringInForSearch(300) > 0) steps += 1;
    expect(steps).toBe(4);
    for (let n = 0; n < 60; n++) test.commit(put(recordId(`bulk-${n}-7`), ["title"], `other number${n}x7`));
    expect(test.desk.store.bringInForSearch(300)).toBe(0);
    expect(test.desk.store.search("bulk", [ORDER], 2000)).toHaveLength(1140);
    expect(test.desk.store.search("other", [ORDER], 2000)).toHaveLength(60);
  });

  it("answers whole while the index cannot be written", () => {
    bulk();
    const other = new Database(test.desk.file);
    other.exec("CREATE TRIGGER full BEFORE DELETE ON search_due BEGIN SELECT RAISE(ABORT, 'full'); END");
    other.close();
    expect(() => test.desk.worker.updateSearch(10)).toThrow("full");
    expect(test.desk.store.bringInForSearch(10)).toBe(0);
    expect(find("number0x0")).toEqual([recordId("bulk-0-0")]);
    expect(test.desk.store.search("bulk", [ORDER], 2000)).toHaveLength(1200);
  });

  it("passes over a row that makes no sense", () => {
    test.commit(put(R1, ["title"], "pump"));
    test.commit(put(R2, ["title"], "pump"));
    const other = new Database(test.desk.file);
    other.prepare("UPDATE record SET doc = 'nonsense' WHERE num = 1").run();
    other.close();
    twice(() => expect(find("pump")).toEqual([R2]));
  });

  it("finds beside a note's part that cannot be read", () => {
    const damaged = new Uint8Array([1, 2, 3, 4, 5, 6]);
    const stamp = { term: 0, hlc: hlcAt(epochMs(test.world.now)), replica: replicaOf(9), seq: 1 };
    const cells = [
      { path: ["title"], value: "pump", stamp },
      { path: ["notes", stamp.replica, "0", "0"], value: damaged, stamp },
    ];
    test.desk.worker.mergeBatch([{ record: R1, collection: ORDER, whole: true, cells }], test.limit());
    twice(() => expect(find("pump")).toEqual([R1]));
  });
});

describe("indexed fields", () => {
  const test = useDesk();

  it("answer by value, by element of a set and by window, live records alone", () => {
    test.commit(put(R1, ["title"], "pump"), put(R1, ["tags", "a/b"], true), put(R1, ["minutes"], 30));
    test.commit(put(R2, ["title"], "pump"), put(R2, ["tags", "a/b"], true), put(R2, ["minutes"], 10));
    test.commit(put(R3, ["tags", "a/b"], true), put(R3, ["minutes"], 20));
    test.commit({ kind: "delete", collection: ORDER, record: R3 });
    const { store } = test.desk;
    expect(store.where(ORDER, "title", "pump")).toEqual([R1, R2]);
    expect(store.where(ORDER, "tags", "a/b")).toEqual([R1, R2]);
    expect(store.between(ORDER, "minutes", 10, 31)).toEqual([R2, R1]);
    expect(store.between(ORDER, "minutes", 11, 30)).toEqual([]);
    test.commit(put(R1, ["tags", "a/b"], false));
    expect(store.where(ORDER, "tags", "a/b")).toEqual([R2]);
    expect(store.verify().differences).toEqual([]);
  });
});
