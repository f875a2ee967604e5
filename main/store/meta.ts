/** Small facts of the file itself: workspace, letters, the copy token's nonce, which lookups were built, what a backup says of
 * itself. Changed in the transaction they belong to. */
import type Database from "better-sqlite3";

export type MetaKey = "workspace" | "letters" | "nonce" | "lookups" | "backup" | "historySince" | "searched" | "copied" | "carried";

export class Meta {
  readonly #get: Database.Statement<[string], string>;
  readonly #set: Database.Statement<[string, string]>;

  constructor(db: Database.Database) {
    this.#get = db.prepare<[string], string>("SELECT value FROM meta WHERE key = ?").pluck();
    this.#set = db.prepare<[string, string]>(
      "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
  }

  get(key: MetaKey): string | undefined {
    return this.#get.get(key);
  }

  set(key: MetaKey, value: string): void {
    this.#set.run(key, value);
  }
}
