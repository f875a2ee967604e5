/**
 * Whose file this is: its replica, its workspace, its letters. A fresh file gets a replica of its own; one that was copied,
 * restored or rolled back gets a new one, and its old letters with two random digits, before anything can be written with a
 * number that was used (design.md, "Never write with a used sequence number").
 */
import { ZERO_HLC } from "../../shared/clock/hlc.ts";
import { AppError } from "../../shared/errors.ts";
import { parseReplicaId, type ReplicaId, type WorkspaceId } from "../../shared/ids.ts";
import type { OpenOptions } from "./api.ts";
import { settleLookups } from "./lookup-build.ts";
import { Meta } from "./meta.ts";
import { settleSearch } from "./search-index.ts";
import { isOwnFile, machineName, writeToken } from "./token.ts";
import type { Connection } from "./transaction.ts";
import { unseenOf } from "./unseen.ts";
import { settleViews } from "./views.ts";

const REPLICA_BYTES = 16;

export interface Identity {
  letters(): string | undefined;
  workspace(): string | undefined;
  adopt(workspace: WorkspaceId, letters: string): void;
}

/** Settles it before the first commit. `fresh`: the file was made just now. */
export const settleIdentity = (connection: Connection, options: OpenOptions, fresh: boolean): Identity => {
  const meta = new Meta(connection.db);
  const machine = options.machine ?? machineName();
  const nonce = meta.get("nonce");
  const isCopy = !fresh && connection.hasState() && !isOwnFile(options.file, machine, nonce);
  const next = hex(options.random(REPLICA_BYTES));
  writeToken(options.file, machine, nonce === undefined || isCopy ? [next] : [nonce, next]);
  connection.raw(() => {
    if (!connection.hasState()) foundReplica(connection, options.random);
    else if (isCopy) beginNewReplica(connection, meta, options.random);
    connection.names.settleTypes();
    settleLookups(connection.db, connection.names, meta);
    settleSearch(connection.db, connection.names, meta);
    settleViews(connection.db, connection.names);
    meta.set("nonce", next);
  });
  writeToken(options.file, machine, [next]);
  let letters = meta.get("letters");
  let workspace = meta.get("workspace");
  return {
    letters: () => letters,
    workspace: () => workspace,
    adopt: (id, given) => {
      connection.raw(() => {
        if (connection.state().records > 0) {
          throw new AppError("workspace_not_empty", "This profile already holds records of its own. Join with a fresh profile instead.");
        }
        meta.set("workspace", id);
        meta.set("letters", given);
      });
      workspace = id;
      letters = given;
    },
  };
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const newReplicaId = (random: OpenOptions["random"]): ReplicaId => {
  const id = parseReplicaId(hex(random(REPLICA_BYTES)));
  if (id === undefined) throw new RangeError(`random gave no ${REPLICA_BYTES} bytes`);
  return id;
};

const foundReplica = ({ db, names }: Connection, random: OpenOptions["random"]): void => {
  const { num } = names.replica(newReplicaId(random));
  db.prepare(
    "INSERT INTO state (only, hlc, replica, seq, seq_hlc, number, f0, f1, f2, f3, live, records, held, own, arrival) VALUES (1, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
  ).run(ZERO_HLC, num);
};

/** The old replica becomes one of the others, with what we hold of it; its last action can no longer be undone from here. */
const beginNewReplica = (connection: Connection, meta: Meta, random: OpenOptions["random"]): void => {
  const { db, names } = connection;
  const state = connection.state();
  unseenOf(connection).carryOver();
  db.prepare("UPDATE replica SET seq = ?, hlc = ?, top = ?, top_hlc = ? WHERE num = ?").run(
    state.seq,
    state.seqHlc,
    state.seq,
    state.seqHlc,
    state.replica,
  );
  const { num } = names.replica(newReplicaId(random));
  db.prepare("UPDATE state SET replica = ?, seq = 0, seq_hlc = 0, own = 0").run(num);
  const letters = meta.get("letters");
  if (letters !== undefined) meta.set("letters", newLetters(letters, random));
};

/** `A` → `A73`; a copy of a copy gets other digits than the one it was copied from. */
const newLetters = (letters: string, random: OpenOptions["random"]): string => {
  const stem = letters.replace(/\d+$/, "");
  for (;;) {
    const [byte = 0] = random(1);
    const next = `${stem}${String(byte % 100).padStart(2, "0")}`;
    if (byte < 200 && next !== letters) return next;
  }
};
