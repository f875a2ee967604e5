/** The membership log: what counts, what is dropped, what waits, and the bounds of trust.md. */
import { describe, expect, it } from "vitest";
import { membershipCrypto as crypto } from "../../main/identity/crypto.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { memberNameFrom } from "../../shared/membership/bodies.ts";
import { foldMembers } from "../../shared/membership/fold.ts";
import { areLettersFrom, nextLetters } from "../../shared/membership/letters.ts";
import { knowsHeads, MAX_PARKED_PER_PEER, openLog, operationsBeyond, signJoin, takeOperations } from "../../shared/membership/log.ts";
import { MAX_OPERATION_BYTES, parseOperation, signOperation } from "../../shared/membership/operation.ts";
import { type Packed, pack, unpack } from "../../shared/membership/packing.ts";
import { isReplicaLineOf, parseReplicaLine, signReplicaLine } from "../../shared/membership/replica-line.ts";
import { mayInvite, maySend } from "../../shared/membership/rights.ts";
import { canonicalSignature } from "../../shared/membership/signature.ts";
import { base64urlBytes } from "../../shared/membership/text.ts";
import { admit, newDevice, newWorkspace } from "./membership-fixtures.ts";

const [founder, second, third, stranger] = [newDevice(), newDevice(), newDevice(), newDevice()];
const { found, log: founded } = newWorkspace(founder);
const hashOf = (id: string): Uint8Array => base64urlBytes(id) ?? new Uint8Array();

const joinFieldsBy = (publicKey: Uint8Array, letters: string, role: string): ReadonlyMap<string, Packed> =>
  new Map<string, Packed>([
    ["invitation", null],
    ["key", publicKey],
    ["letters", letters],
    ["name", "Yard"],
    ["role", role],
  ]);
const forgedJoin = (signer: ReturnType<typeof newDevice>, letters: string, workspace = found.workspace, joiner = stranger) =>
  signOperation(
    { kind: "join", workspace, predecessors: [found.id], fields: joinFieldsBy(joiner.publicKey, letters, "admin") },
    signer,
    crypto,
  );

describe("membership log", () => {
  it("starts with the founder as admin with letter A, its id the workspace's", () => {
    expect(founded.membership.members.get(founder.device)).toMatchObject({
      role: "admin",
      letters: "A",
      generation: 0,
      name: "Front desk",
    });
    expect(found.workspace).toBe(found.id);
    expect(founded.membership.found).toMatchObject({ workspaceName: "Depot North", zone: "Europe/Berlin" });
  });

  it("gives joiners the inviter's letters and one more, each another", () => {
    const one = admit(founded, founder, second, "admin");
    const two = admit(one.log, founder, third, "dispatcher");
    const three = admit(two.log, second, stranger, "viewer");
    expect([one.join.letters, two.join.letters, three.join.letters]).toEqual(["AA", "AB", "AAA"]);
    const members = three.log.membership.members;
    expect([...members.values()].map(({ role }) => role)).toEqual(["admin", "admin", "dispatcher", "viewer"]);
    expect([members.get(second.device), members.get(third.device)].map(mayInvite)).toEqual([true, false]);
    expect([members.get(third.device), members.get(stranger.device), undefined].map(maySend)).toEqual([true, false, false]);
  });

  it("drops for ever a join that its signer had no right to sign in its own past", () => {
    const withSecond = admit(founded, founder, second, "dispatcher").log;
    const byDispatcher = forgedJoin(second, "AAA");
    const taken = takeOperations(withSecond, second.device, [byDispatcher.bytes], crypto);
    expect(taken.refused).toEqual([{ bytes: byDispatcher.bytes, reason: "signer_unknown" }]);
    const after = signOperation(
      {
        kind: "join",
        workspace: found.workspace,
        predecessors: withSecond.membership.heads,
        fields: joinFieldsBy(stranger.publicKey, "AAA", "admin"),
      },
      second,
      crypto,
    );
    expect(takeOperations(withSecond, second.device, [after.bytes], crypto).refused[0]?.reason).toBe("signer_not_admin");
  });

  it("refuses strangers' signatures, other workspaces, second foundings, letters that are not the signer's, and members twice", () => {
    const elsewhere = newWorkspace(second);
    const withSecond = admit(founded, founder, second, "admin").log;
    const again = signOperation(
      {
        kind: "join",
        workspace: found.workspace,
        predecessors: withSecond.membership.heads,
        fields: joinFieldsBy(second.publicKey, "AB", "admin"),
      },
      founder,
      crypto,
    );
    const unsigned = forgedJoin(founder, "AB");
    const broken = pack([unsigned.payload, canonicalSignature(second.sign(unsigned.payload))]);
    const cases: readonly [Uint8Array, string][] = [
      [forgedJoin(stranger, "AA").bytes, "signer_unknown"],
      [broken, "bad_signature"],
      [forgedJoin(founder, "AA", elsewhere.found.workspace).bytes, "foreign_workspace"],
      [elsewhere.found.bytes, "second_founding"],
      [forgedJoin(founder, "B").bytes, "letters_not_signers"],
      [again.bytes, "already_member"],
    ];
    for (const [bytes, reason] of cases) {
      const { refused, added } = takeOperations(withSecond, founder.device, [bytes], crypto);
      expect([reason, ...refused.map((one) => one.reason)]).toEqual([reason, reason]);
      expect(added).toEqual([]);
    }
  });

  it("drops what rests on a dropped operation", () => {
    const bad = forgedJoin(stranger, "AA");
    const onBad = signOperation(
      { kind: "join", workspace: found.workspace, predecessors: [bad.id], fields: joinFieldsBy(third.publicKey, "AA", "viewer") },
      founder,
      crypto,
    );
    const { dropped, members } = foldMembers(found.workspace, [onBad, bad, found], crypto);
    expect([dropped.get(bad.id), dropped.get(onBad.id), members.size]).toEqual(["signer_unknown", "past_dropped", 1]);
  });

  it("takes the lowest role when two admins admit one device while apart", () => {
    const both = admit(founded, founder, second, "admin").log;
    const left = admit(both, founder, third, "dispatcher").join;
    const right = admit(both, second, third, "viewer").join;
    const { log, refused } = takeOperations(both, founder.device, [right.bytes, left.bytes], crypto);
    expect(refused).toEqual([]);
    expect(log.membership.members.get(third.device)?.role).toBe("viewer");
    expect(log.membership.heads).toHaveLength(2);
  });

  it("keeps and forwards grant, revoke and unknown kinds, which count as nothing", () => {
    const one = admit(founded, founder, second, "dispatcher").log;
    const draft = (kind: string, fields: ReadonlyMap<string, Packed>) =>
      signOperation({ kind, workspace: found.workspace, predecessors: one.membership.heads, fields }, founder, crypto);
    const target: [string, Packed] = ["target", hashOf(second.device)];
    const operations = [
      draft("grant", new Map([target, ["role", "admin"]])),
      draft("revoke", new Map<string, Packed>([target, ["role", null], ["keep", null], ["seen", new Map([["0".repeat(32), 41]])]])),
      draft("bless", new Map([["anything", [1, true, "x"]]])),
    ];
    expect(operations.map(({ kind }) => kind)).toEqual(["grant", "revoke", "unknown"]);
    const { log, added, refused } = takeOperations(
      one,
      founder.device,
      operations.map(({ bytes }) => bytes),
      crypto,
    );
    expect([added.length, refused.length]).toEqual([3, 0]);
    expect(log.membership.members).toEqual(one.membership.members);
    expect(operationsBeyond(log.membership, one.membership.heads).map(({ id }) => id)).toEqual(added.map(({ id }) => id));
  });

  it("parks what lacks its predecessors, at most 64 for a peer and none for a stranger", () => {
    let log = founded;
    const joins: Uint8Array[] = [];
    for (let i = 0; i < MAX_PARKED_PER_PEER + 2; i++) {
      const next = admit(log, founder, newDevice(), "viewer");
      joins.push(next.join.bytes);
      log = next.log;
    }
    const rest = joins.slice(1);
    const parked = takeOperations(founded, founder.device, rest, crypto);
    expect([parked.added.length, parked.log.parked.size, parked.refused.map(({ reason }) => reason)]).toEqual([0, 64, ["too_many"]]);
    const stranger = takeOperations(founded, null, rest, crypto);
    expect([stranger.log.parked.size, stranger.refused.length]).toEqual([0, 65]);
    const healed = takeOperations(parked.log, founder.device, joins, crypto);
    expect([healed.log.parked.size, healed.log.membership.heads]).toEqual([0, log.membership.heads]);
  });

  it("tells what a peer lacks from its heads", () => {
    const one = admit(founded, founder, second, "admin");
    const two = admit(one.log, second, third, "viewer");
    const beyond = operationsBeyond(two.log.membership, founded.membership.heads);
    expect(beyond.map(({ id }) => id)).toEqual([one.join.id, two.join.id]);
    expect(operationsBeyond(founded.membership, two.log.membership.heads)).toHaveLength(1);
    expect([knowsHeads(two.log.membership, one.log.membership.heads), knowsHeads(founded.membership, one.log.membership.heads)]).toEqual([
      true,
      false,
    ]);
  });

  it("opens a stored log again as it was", () => {
    const one = admit(founded, founder, second, "admin").log;
    const stored = one.membership.kept.map(({ bytes }) => bytes);
    for (const how of ["verified", "unverified"] as const)
      expect(openLog(found.workspace, stored, crypto, how).membership).toEqual(one.membership);
  });

  it("lets only admins sign a join, and no device twice", () => {
    const one = admit(founded, founder, second, "dispatcher").log;
    const joiner = { publicKey: third.publicKey, deviceName: "Yard", role: "viewer", invitation: null } as const;
    expect(() => signJoin(one.membership, joiner, second, crypto)).toThrow(expect.objectContaining({ code: "not_admin" }));
    expect(() => signJoin(one.membership, { ...joiner, publicKey: second.publicKey }, founder, crypto)).toThrow(
      expect.objectContaining({ code: "already_member" }),
    );
  });
});

describe("operation bytes", () => {
  it("refuses what is too large, cut, longer, of another form, or has another's second signature", () => {
    const join = admit(founded, founder, second, "admin").join;
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = n - BigInt(`0x${Buffer.from(join.signature.subarray(32)).toString("hex")}`);
    const twin = Buffer.concat([join.signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
    expect(crypto.verify(founder.publicKey, join.payload, twin)).toBe(true);
    const cases = [
      new Uint8Array(MAX_OPERATION_BYTES + 1),
      new Uint8Array(),
      join.bytes.subarray(0, -1),
      Buffer.concat([join.bytes, Buffer.from([0])]),
      pack([join.payload, twin]),
      pack([1, 2]),
      Buffer.from([0xdc, 0xff, 0xff]),
    ];
    for (const bytes of cases) expect(parseOperation(bytes, crypto)).toHaveProperty("refused");
    expect(parseOperation(join.bytes, crypto)).toEqual({ operation: join });
  });

  it("refuses names that are empty, too long or turn the line, keys that are none, and more than 16 predecessors", () => {
    const make = (change: (fields: Map<string, Packed>) => void, predecessors = [found.id]) => {
      const fields = new Map(joinFieldsBy(second.publicKey, "AA", "viewer"));
      change(fields);
      return () => signOperation({ kind: "join", workspace: found.workspace, predecessors, fields }, founder, crypto);
    };
    expect(make(() => undefined)).not.toThrow();
    for (const name of ["", " x", "x".repeat(65), "a\nb", "\u202Eknab"]) expect(make((fields) => fields.set("name", name))).toThrow();
    expect(make((fields) => fields.set("key", new Uint8Array(91)))).toThrow();
    expect(make((fields) => fields.set("role", "owner"))).toThrow();
    const many = Array.from({ length: 17 }, (_, i) => forgedJoin(founder, "AA", found.workspace, i === 0 ? second : newDevice()).id);
    expect(make(() => undefined, many)).toThrow();
  });

  it("reads no second form of a value: long lengths, unsorted keys, repeated keys, bad UTF-8, deep nesting", () => {
    for (const hex of ["cc01", "d90161", "82a16200a16100", "82a16100a16100", "a1ff", "91".repeat(20) + "c0", "c1", "cb3ff0000000000000"])
      expect(unpack(Buffer.from(hex, "hex"))).toBeUndefined();
    expect(unpack(Buffer.from("82a16100a16200", "hex"))).toEqual(
      new Map([
        ["a", 0],
        ["b", 0],
      ]),
    );
  });
});

describe("letters", () => {
  it("never run out within one letter, and none is the start of another", () => {
    const given = new Set<string>();
    for (let i = 0; i < 60; i++) given.add(nextLetters("A", given) ?? "");
    expect([...given].slice(23, 28)).toEqual(["AX", "AY", "AZA", "AZB", "AZC"]);
    const all = [...given];
    expect(all.filter((one) => all.some((other) => other !== one && other.startsWith(one)))).toEqual([]);
    expect(all.every((one) => areLettersFrom("A", one))).toBe(true);
    expect(["A", "AZ", "BA", "AAA", "A1"].map((one) => areLettersFrom("A", one))).toEqual([false, false, false, false, false]);
  });
});

describe("names", () => {
  it("are made usable from any host name", () => {
    expect(memberNameFrom("  front-desk\u0007 ", "Desk")).toBe("front-desk");
    expect(memberNameFrom("\u202e\n", "Desk")).toBe("Desk");
    expect(memberNameFrom("🚚".repeat(60), "Desk")).toBe("🚚".repeat(32));
  });
});

describe("replica line", () => {
  it("holds only with the signature of the device it names", () => {
    const replica = parseReplicaId("0123456789abcdef0123456789abcdef");
    if (!replica) throw new Error("no replica id");
    const line = signReplicaLine(replica, second);
    const read = parseReplicaLine(line.bytes);
    expect(read).toEqual(line);
    expect(read && isReplicaLineOf(read, second.publicKey, crypto)).toBe(true);
    expect(read && isReplicaLineOf(read, third.publicKey, crypto)).toBe(false);
    const stolen = parseReplicaLine(pack([line.payload, canonicalSignature(third.sign(line.payload))]));
    expect(stolen && isReplicaLineOf(stolen, second.publicKey, crypto)).toBe(false);
    expect(parseReplicaLine(line.bytes.subarray(1))).toBeUndefined();
  });
});
