/** Opening the database file: what is refused, what is set aside, what begins a new replica, what every earlier version's file becomes. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenOptions, Store } from "../../main/store/api.ts";
import { failureOf } from "../../main/store/failure.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { MIGRATIONS } from "../../main/store/schema.ts";
import { writeToken } from "../../main/store/token.ts";
import { AppError } from "../../shared/errors.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId, WORKSPACE } from "../property/store-rig.ts";

const FIXTURES = new URL("../fixtures/store/", import.meta.url);
const R1 = recordId("0198a000-0000-7000-8000-000000000001");

let folder: string;
let file: string;
let chance = 1;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-open-"));
  file = path.join(folder, "workspace.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const optionsOf = (over: Partial<OpenOptions> = {}): OpenOptions => ({
  file,
  types: [ORDER_TYPE],
  wall: () => epochMs(Date.UTC(2026, 10, 24, 17, 45)),
  random: (bytes) => new Uint8Array(bytes).map(() => (chance = (chance * 48271) % 2147483647) & 0xff),
  gate: newGate(),
  machine: "test",
  ...over,
});

const withStore = <T>(work: (store: Store) => T, over: Partial<OpenOptions> = {}): T => {
  const store = openStore(optionsOf(over));
  try {
    return work(store);
  } finally {
    store.close();
  }
};

const title = (store: Store, text: string) =>
  store.commit([{ kind: "put", collection: ORDER, record: R1, path: ["title"], value: text }], {
    action: actionId(`act-${text}`),
    label: "edit",
  });

const number = (store: Store) =>
  store.commit([{ kind: "number", collection: ORDER, record: R1, field: "number" }], { action: actionId("number"), label: "number" });

const errorOf = (work: () => unknown): AppError => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it did not fail");
};

const found = (): void =>
  withStore((store) => {
    store.adopt(WORKSPACE, "A");
    number(store);
    title(store, "one");
  });

describe("opening", () => {
  it("keeps replica, letters and data over restarts", () => {
    found();
    const first = withStore(({ replica }) => replica);
    withStore((store) => {
      expect([store.replica, store.letters, store.workspace]).toEqual([first, "A", WORKSPACE]);
      expect(store.row(R1)).toMatchObject({ number: "A-1", title: "one" });
      expect(title(store, "two").change.stamp.seq).toBe(3);
    });
  });

  it("adopts a workspace only while it holds nothing", () => {
    found();
    expect(errorOf(() => withStore((store) => store.adopt(WORKSPACE, "AB"))).code).toBe("workspace_not_empty");
    expect(withStore(({ letters }) => letters)).toBe("A");
  });

  it("refuses a file of a newer version and changes nothing in it", () => {
    found();
    const db = new Database(file);
    db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    const before = readFileSync(file);
    const error = errorOf(() => openStore(optionsOf()));
    expect([error.code, /newer version/.test(error.advice)]).toEqual(["database_newer", true]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("refuses another program's file", () => {
    const db = new Database(file);
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    expect(errorOf(() => openStore(optionsOf())).code).toBe("database_foreign");
    expect(existsSync(file)).toBe(true);
  });

  it("sets a damaged file aside under a dated name, says where, and never overwrites one", () => {
    found();
    const damage = (): Buffer => {
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 4096 * 3, bytes.length - 512);
      writeFileSync(file, bytes);
      return bytes;
    };
    const first = damage();
    const error = errorOf(() => openStore(optionsOf()));
    const aside = `${file}.damaged-2026-11-24T17-45-00-000`;
    expect([error.code, error.advice.includes(aside), existsSync(file)]).toEqual(["database_damaged", true, false]);
    expect(readFileSync(aside).equals(first)).toBe(true);
    writeFileSync(file, "no database at all, but long enough to have a header of a hundred bytes or so to look at".repeat(60));
    expect(errorOf(() => openStore(optionsOf())).advice).toContain(`${aside}-2`);
    expect(readFileSync(aside).equals(first)).toBe(true);
    withStore((store) => expect([store.count(), store.workspace]).toEqual([0, undefined]));
  });

  it("sets an emptied file aside with its write-ahead log, which SQLite would delete", () => {
    found();
    const log = Buffer.alloc(5000, "log ");
    writeFileSync(file, "");
    writeFileSync(`${file}-wal`, log);
    const error = errorOf(() => openStore(optionsOf()));
    const aside = `${file}.damaged-2026-11-24T17-45-00-000`;
    expect([error.code, existsSync(file), readFileSync(`${aside}-wal`).equals(log)]).toEqual(["database_damaged", false, true]);
    withStore((store) => expect(store.count()).toBe(0));
    // Without a log the token tells that it was in use.
    writeFileSync(file, "");
    expect(errorOf(() => openStore(optionsOf())).advice).toContain(`${aside}-2`);
    // One that was never in use is simply new.
    writeFileSync(file, "");
    withStore((store) => expect(store.count()).toBe(0));
  });

  it("checks a large file once damage came up in it, and sets it aside then", () => {
    found();
    const db = new Database(file);
    const insert = db.prepare("INSERT INTO notebook (key, value) VALUES (?, ?)");
    db.transaction(() => {
      for (let i = 0; i < 40; i++)
        insert.run(
          `key-${i}`,
          String(i)
            .repeat(1 << 20)
            .slice(0, 1 << 20),
        );
    })();
    db.pragma("wal_checkpoint(TRUNCATE)");
    db.close();
    const bytes = readFileSync(file);
    expect(bytes.length).toBeGreaterThan(32 << 20);
    // In the middle of the long values, where only a look at one of them comes upon it.
    bytes.fill(0x5a, 20 << 20, 21 << 20);
    writeFileSync(file, bytes);
    withStore(({ notebook }) => {
      const read = () => Array.from({ length: 40 }, (_, i) => notebook.get(`key-${i}`));
      expect(errorOf(read).code).toBe("database_damaged");
    });
    expect(errorOf(() => openStore(optionsOf())).code).toBe("database_damaged");
    expect(readdirSync(folder).filter((name) => !name.includes("damaged"))).toEqual([]);
  });

  it("sets a file of a few bytes aside", () => {
    writeFileSync(file, "hello");
    const { code } = errorOf(() => openStore(optionsOf()));
    expect([code, readFileSync(`${file}.damaged-2026-11-24T17-45-00-000`, "utf8")]).toEqual(["database_damaged", "hello"]);
  });

  it("does not take a locked file for a damaged one", () => {
    found();
    const other = new Database(file);
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("BEGIN EXCLUSIVE");
    try {
      expect(errorOf(() => openStore(optionsOf())).code).toBe("database_locked");
    } finally {
      other.exec("COMMIT");
      other.close();
    }
    withStore((store) => expect(store.row(R1)?.["title"]).toBe("one"));
  });

  it("tells a full disk from a failing one, also when it is full at the start", () => {
    for (const [code, ours] of [
      ["SQLITE_FULL", "disk_full"],
      ["SQLITE_IOERR_SHMSIZE", "disk_full"],
      ["SQLITE_IOERR_READ", "disk_error"],
    ] as const) {
      expect(failureOf(new Database.SqliteError("", code), file)).toMatchObject({ code: ours });
    }
  });

  it("says which folder cannot be opened", () => {
    expect(errorOf(() => openStore(optionsOf({ file: path.join(folder, "none", "x.db") }))).code).toBe("database_unreadable");
  });

  it("gives no second connection to a file that was never settled", () => {
    expect(errorOf(() => openReplicaStore(optionsOf())).code).toBe("store_not_ready");
  });

  it("looks up a field that became indexed since", () => {
    const plain: TypeDef = { ...ORDER_TYPE, fields: ORDER_TYPE.fields.map(({ indexed: _, ...field }) => field) };
    withStore(
      (store) => {
        store.adopt(WORKSPACE, "A");
        title(store, "one");
        expect(store.where(ORDER, "title", "one")).toEqual([]);
      },
      { types: [plain] },
    );
    withStore((store) => expect(store.where(ORDER, "title", "one")).toEqual([R1]));
  });

  it("shows each collection to the sqlite3 shell by its fields' names", () => {
    found();
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT id, number, title FROM "order"').all()).toEqual([{ id: R1, number: "A-1", title: "one" }]);
    db.close();
  });
});

describe("a copied or restored file", () => {
  const replicaAndLetters = (over: Partial<OpenOptions> = {}): readonly [string, string | undefined] =>
    withStore(({ replica, letters }) => [replica, letters], over);

  it("starts a new replica with new letters, keeps all data, and writes from one on", () => {
    found();
    const [original] = replicaAndLetters();
    const copy = path.join(folder, "copy");
    mkdirSync(copy);
    copyFileSync(file, path.join(copy, "workspace.db"));
    const over = { file: path.join(copy, "workspace.db") };
    withStore((store) => {
      expect(store.replica).not.toBe(original);
      expect(store.letters).toMatch(/^A\d\d$/);
      expect(store.row(R1)).toMatchObject({ title: "one" });
      expect(store.vector().get(store.replica)).toBeUndefined();
      expect([...store.vector()].map(([id, { seq }]) => [id, seq])).toEqual([[original, 2]]);
      expect(store.undo({ action: actionId("u") }).kind).toBe("nothing");
      expect(number(store).change.stamp).toMatchObject({ replica: store.replica, seq: 1 });
      expect(store.row(R1)?.["number"]).toBe(`${store.letters}-2`);
      const { fingerprint, recomputed, integrity } = store.verify();
      expect([recomputed, integrity]).toEqual([fingerprint, []]);
    }, over);
    expect(replicaAndLetters()[0]).toBe(original);
    expect(replicaAndLetters(over)).toEqual(replicaAndLetters(over));
  });

  it("is seen when it was copied with its token, rolled back in place, moved to another machine, or lost its token", () => {
    found();
    const copyOf = (name: string): string => {
      const target = path.join(folder, name);
      for (const suffix of ["", ".token"]) copyFileSync(`${file}${suffix}`, `${target}${suffix}`);
      return target;
    };
    const [original] = replicaAndLetters();
    expect(replicaAndLetters({ file: copyOf("copy.db") })[0]).not.toBe(original);

    const old = readFileSync(file);
    withStore((store) => title(store, "later"));
    // Written into the same file, as a disk that rolls back does: all but the nonce is the same.
    writeFileSync(file, old);
    const [rolledBack] = replicaAndLetters();
    expect(rolledBack).not.toBe(original);

    const [elsewhere] = replicaAndLetters({ machine: "another" });
    expect(elsewhere).not.toBe(rolledBack);

    const [settled] = replicaAndLetters({ machine: "another" });
    expect(settled).toBe(elsewhere);
    rmSync(`${file}.token`);
    expect(replicaAndLetters({ machine: "another" })[0]).not.toBe(settled);
  });

  it("is seen when its token is no token, whatever else it is", () => {
    found();
    for (const token of ["null", "7", "[]", "{}", "{", ""]) {
      const before = withStore(({ replica }) => replica);
      writeFileSync(`${file}.token`, token);
      withStore(({ replica }) => expect(replica).not.toBe(before));
    }
  });

  it("is not suspected after a crash between the token's two writes", () => {
    found();
    const [original] = replicaAndLetters();
    const token = JSON.parse(readFileSync(`${file}.token`, "utf8"));
    writeFileSync(`${file}.token`, JSON.stringify({ ...token, nonces: [...token.nonces, "not-yet-in-meta"] }));
    expect(replicaAndLetters()[0]).toBe(original);
  });
});

describe("files of earlier versions", () => {
  const versions = readdirSync(FIXTURES).filter((name) => /^v\d+\.db$/.test(name));

  it.each(versions)("%s opens with all that was in it, after a backup, with the schema of a fresh file", (name) => {
    copyFileSync(new URL(name, FIXTURES), file);
    const version = Number(name.slice(1, -3));
    withStore((store) => {
      expect(store.rows([ORDER]).map((row) => [row.id, row["number"], row["title"], row["tags"], row["used"]])).toEqual([
        [R1, "A-1", "fixture", ["a/b", "c"], 5],
      ]);
      expect(store.trash().map(({ title: text }) => text)).toEqual(["deleted"]);
      expect(store.search("fixtu", [ORDER], 10)).toEqual([{ id: R1, collection: ORDER, exact: true }]);
      expect(store.search("deleted", [ORDER], 10)).toEqual([]);
      expect(store.where(ORDER, "tags", "c")).toEqual([R1]);
      expect(store.history(R1, 10).some(({ from, to }) => from === "first" && to === "fixture")).toBe(true);
      const { fingerprint, recomputed, integrity } = store.verify();
      expect([fingerprint, recomputed, integrity]).toEqual(["9f252b271e70c30e180cc6aa111ccf05", fingerprint, []]);
    });
    const backups = readdirSync(folder).filter((entry) => entry.includes(".before-"));
    expect(backups).toHaveLength(version === MIGRATIONS.length ? 0 : 1);
    for (const backup of backups) {
      const db = new Database(path.join(folder, backup), { readonly: true });
      const [integrity, format] = ["integrity_check", "user_version"].map((pragma) => db.pragma(pragma, { simple: true }));
      db.close();
      expect([integrity, format]).toEqual(["ok", version]);
    }
    const schemaOf = (of: string): unknown => {
      const db = new Database(of, { readonly: true });
      const schema = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all();
      db.close();
      return schema;
    };
    const fresh = path.join(folder, "fresh.db");
    withStore(() => undefined, { file: fresh });
    expect(schemaOf(file)).toEqual(schemaOf(fresh));
  });

  it("what was done before all migrations can be taken back and done again where it was written", () => {
    // The later ones were made of this one elsewhere, as new replicas that had done nothing yet.
    copyFileSync(new URL("v1.db", FIXTURES), file);
    const db = new Database(file, { readonly: true });
    const nonce = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'nonce'").pluck().get() ?? "";
    db.close();
    // As if the file had always lain here.
    writeToken(file, "test", [nonce]);
    withStore((store) => {
      const { undo } = store.undoable();
      expect(undo).not.toBeNull();
      const state = () => [store.rows([ORDER]), store.trash()];
      const before = state();
      const taken = store.undo({ action: actionId("undo") });
      expect(taken).toMatchObject({ kind: "undone", label: undo });
      expect(state()).not.toEqual(before);
      expect(store.redo({ action: actionId("redo") })).toMatchObject({ kind: "undone", label: undo });
      expect(store.rows([ORDER])).toEqual(before[0]);
      expect(store.verify().differences).toEqual([]);
    });
  });

  it("there is one of each version from the first on", () => {
    expect(versions).toEqual(MIGRATIONS.map((_, version) => `v${version + 1}.db`));
  });
});
