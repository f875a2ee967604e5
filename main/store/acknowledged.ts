/**
 * What other devices have durably taken in, and the purge vector: what purging rests on. A device counts with its present replica alone;
 * a new one has acknowledged nothing yet. Clocks are left out: only numbers are compared.
 */
import type Database from "better-sqlite3";
import { ZERO_HLC } from "../../shared/clock/hlc.ts";
import { PackBuffer, PackReader } from "../../shared/crdt/pack-buffer.ts";
import type { VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, type EpochMs, parseDeviceId, parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { join } from "../../shared/protocol/vector.ts";
import type { Acknowledged } from "./api.ts";
import type { Names } from "./names.ts";
import type { Connection } from "./transaction.ts";

type Row = [replica: string, vector: string, away: number];

export class Acknowledgements {
  readonly #connection: Connection;
  readonly #all: Database.Statement<[], [string, ...Row]>;
  readonly #of: Database.Statement<[string], Row>;
  readonly #put: Database.Statement<[string, string, Uint8Array, number]>;
  readonly #purged: Database.Statement<[], [number, number]>;
  readonly #pack = new PackBuffer();

  constructor(connection: Connection) {
    const { db } = connection;
    this.#connection = connection;
    this.#all = db.prepare<[], [string, ...Row]>("SELECT device, replica, CAST(vector AS TEXT), away FROM acknowledged").raw();
    this.#of = db.prepare<[string], Row>("SELECT replica, CAST(vector AS TEXT), away FROM acknowledged WHERE device = ?").raw();
    this.#put = db.prepare<[string, string, Uint8Array, number]>(
      "INSERT INTO acknowledged (device, replica, vector, away) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET replica = excluded.replica, vector = excluded.vector, away = excluded.away",
    );
    this.#purged = db.prepare<[], [number, number]>("SELECT num, purged FROM replica WHERE purged > 0 ORDER BY id").raw();
  }

  /** By device; those that never said anything are left out. */
  all(): ReadonlyMap<DeviceId, Acknowledged> {
    return this.#connection.read(() => {
      const found = new Map<DeviceId, Acknowledged>();
      for (const [text, ...row] of this.#all.all()) {
        const device = parseDeviceId(text);
        if (device !== undefined) found.set(device, this.#read(row));
      }
      return found;
    });
  }

  /** The device said that this lies on its disk. Nothing is written for what is known. Whoever speaks is not away. */
  note(device: DeviceId, replica: ReplicaId, vector: VersionVector): void {
    const row = this.#connection.read(() => this.#of.get(device));
    const known = row === undefined ? undefined : this.#read(row);
    const next = known?.replica === replica ? join(known.vector, vector) : vector;
    if (known?.replica === replica && known.away === null && next === known.vector) return;
    this.#connection.raw(() => {
      this.#put.run(device, replica, this.#packed(next), 0);
    });
  }

  /** By an admin's word: it is not waited for until it is heard again. */
  setAway(device: DeviceId, since: EpochMs): void {
    this.#connection.raw(() => {
      const [replica, vector] = this.#of.get(device) ?? ["", ""];
      this.#put.run(device, replica, new TextEncoder().encode(vector), since);
    });
  }

  /** What was purged here, or by whom our vector came from. */
  purge(): VersionVector {
    return this.#connection.read(() => {
      const entries = this.#purged
        .all()
        .map(([num, seq]): [ReplicaId, VectorEntry] => [this.#names.replicaOf(num).id, { seq, hlc: ZERO_HLC }]);
      return new Map(entries);
    });
  }

  get #names(): Names {
    return this.#connection.names;
  }

  #read([replica, packed, away]: Row): Acknowledged {
    const vector = new Map<ReplicaId, VectorEntry>();
    const reader = new PackReader(packed);
    while (reader.at < packed.length) {
      const { id } = this.#names.replicaOf(reader.varint());
      vector.set(id, { seq: reader.varint(), hlc: ZERO_HLC });
    }
    return { replica: parseReplicaId(replica) ?? null, vector, away: away === 0 ? null : (parseEpochMs(away) ?? null) };
  }

  #packed(vector: VersionVector): Uint8Array {
    this.#pack.length = 0;
    for (const [replica, { seq }] of vector) {
      this.#pack.varint(this.#names.replica(replica).num);
      this.#pack.varint(seq);
    }
    return this.#pack.bytes.slice(0, this.#pack.length);
  }
}
