/** Laws of the membership fold: order of arrival, repetition and forgeries change nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { membershipCrypto as crypto } from "../../main/identity/crypto.ts";
import { parseDeviceId } from "../../shared/ids.ts";
import { foldMembers } from "../../shared/membership/fold.ts";
import { type MembershipLog, openLog, operationsBeyond, signJoin, takeOperations } from "../../shared/membership/log.ts";
import { parseOperation } from "../../shared/membership/operation.ts";
import { type Packed, pack, unpack } from "../../shared/membership/packing.ts";
import { base64urlBytes, base64urlText, utf8Bytes, utf8Text } from "../../shared/membership/text.ts";
import type { Membership, Operation, Role } from "../../shared/membership/types.ts";
import { newDevice, newWorkspace } from "../unit/membership-fixtures.ts";

const devices = Array.from({ length: 7 }, newDevice);
const [founder] = devices;
if (!founder) throw new Error("no devices");
const { found, log: founded } = newWorkspace(founder);
const foreign = newWorkspace(newDevice(), "Depot South");

/** Who invites whom as what, and which of the logs made so far the inviter has seen: several desks, apart and together. */
const steps = fc.array(
  fc.record({
    inviter: fc.oneof(fc.constant(0), fc.nat(6)),
    joiner: fc.nat(6),
    role: fc.constantFrom<Role>("admin", "admin", "dispatcher", "viewer"),
    seen: fc.array(fc.nat(30), { maxLength: 4 }),
  }),
  { maxLength: 12, size: "max" },
);

interface History {
  readonly operations: readonly Operation[];
  /** What a plain model says: device, role by the lowest of its joins. */
  readonly model: ReadonlyMap<string, Role>;
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, dispatcher: 1, admin: 2 };

const play = (plan: typeof steps extends fc.Arbitrary<infer Plan> ? Plan : never): History => {
  const logs: MembershipLog[] = [founded];
  /** A device never forgets what it signed itself. */
  const own = new Map<number, MembershipLog>();
  const operations: Operation[] = [found];
  const model = new Map<string, Role>([[founder.device, "admin"]]);
  for (const { inviter, joiner, role, seen } of plan) {
    const views = [own.get(inviter), ...seen.map((index) => logs[index % logs.length])];
    const past = views.flatMap((log) => log?.membership.kept ?? []);
    const view = openLog(found.workspace, [found.bytes, ...past.map(({ bytes }) => bytes)], crypto, "verified");
    const [signer, target] = [devices[inviter], devices[joiner]];
    if (!signer || !target || view.membership.members.get(signer.device)?.role !== "admin" || view.membership.members.has(target.device))
      continue;
    const join = signJoin(
      view.membership,
      { publicKey: target.publicKey, deviceName: `Desk ${joiner}`, role, invitation: null },
      signer,
      crypto,
    );
    if (operations.some(({ id }) => id === join.id)) continue;
    operations.push(join);
    const before = model.get(target.device);
    model.set(target.device, before === undefined || RANK[role] < RANK[before] ? role : before);
    const after = takeOperations(view, signer.device, [join.bytes], crypto).log;
    own.set(inviter, after);
    logs.push(after);
  }
  return { operations, model };
};

const facts = ({ members, heads, generations }: Membership) => ({ members: [...members], heads, generations: [...generations].sort() });
const rolesOf = ({ members }: Membership) => new Map([...members.values()].map(({ device, role }) => [device as string, role]));

describe("membership laws", () => {
  it("any order of arrival, repetition and grouping folds to the same members, and to those of a plain model", () => {
    let joined = 0;
    fc.assert(
      fc.property(steps, fc.array(fc.nat()), fc.integer({ min: 1, max: 5 }), (plan, shuffle, group) => {
        const { operations, model } = play(plan);
        joined = Math.max(joined, operations.length);
        const whole = foldMembers(found.workspace, operations, crypto);
        expect(rolesOf(whole)).toEqual(model);
        const order = [...operations, ...operations.slice(0, 3)]
          .map((operation, at) => ({ operation, key: shuffle[at % Math.max(1, shuffle.length)] ?? at }))
          .sort((a, b) => ((a.key * 7919) % 101) - ((b.key * 7919) % 101))
          .map(({ operation }) => operation.bytes);
        let log = openLog(found.workspace, [], crypto, "unverified");
        for (let at = 0; at < order.length; at += group) log = takeOperations(log, founder.device, order.slice(at, at + group), crypto).log;
        expect(facts(log.membership)).toEqual(facts(whole));
        expect(log.parked.size).toBe(0);
      }),
      { numRuns: 60 },
    );
    expect(joined).toBeGreaterThan(3);
  });

  it("letters are given once: no two members ever share them", () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const letters = [...foldMembers(found.workspace, play(plan).operations, crypto).members.values()].map((member) => member.letters);
        expect(new Set(letters).size).toBe(letters.length);
      }),
      { numRuns: 40 },
    );
  });

  it("a forged, altered or foreign operation never counts, wherever it is put among the others", () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (plan, which, at, flip) => {
        const { operations } = play(plan);
        const whole = foldMembers(found.workspace, operations, crypto);
        const victim = operations[which % operations.length];
        if (!victim) return;
        const altered = victim.bytes.slice();
        altered[at % altered.length] = (altered[at % altered.length] ?? 0) ^ flip;
        const parsed = parseOperation(altered, crypto);
        const forged = [...("operation" in parsed ? [parsed.operation] : []), foreign.found];
        expect(facts(foldMembers(found.workspace, [...forged, ...operations], crypto))).toEqual(facts(whole));
      }),
      { numRuns: 100 },
    );
  });

  it("what lies beyond some heads is exactly what makes both logs equal", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (plan, cut) => {
        const { operations } = play(plan);
        const whole = foldMembers(found.workspace, operations, crypto);
        const partial = openLog(
          found.workspace,
          whole.kept.slice(0, 1 + (cut % whole.kept.length)).map(({ bytes }) => bytes),
          crypto,
          "verified",
        );
        const beyond = operationsBeyond(whole, partial.membership.heads);
        expect(beyond).toHaveLength(whole.kept.length - partial.membership.kept.length);
        const after = takeOperations(
          partial,
          founder.device,
          beyond.map(({ bytes }) => bytes),
          crypto,
        ).log;
        expect(facts(after.membership)).toEqual(facts(whole));
      }),
      { numRuns: 40 },
    );
  });
});

const packed = fc.letrec<{ value: Packed }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeNat(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), tie("value")), { maxLength: 20 }).map((entries) => new Map(entries)),
  ),
})).value;

describe("byte forms", () => {
  it("packing comes back as it was, and no other bytes read as the same", () => {
    fc.assert(
      fc.property(packed, (value) => {
        expect(pack(unpack(pack(value)) ?? null)).toEqual(pack(value));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const read = unpack(bytes);
        if (read !== undefined) expect(pack(read)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("text forms agree with Node's", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: "grapheme" }), (bytes, text) => {
        expect(base64urlText(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(base64urlBytes(base64urlText(bytes))).toEqual(bytes);
        expect(Buffer.from(utf8Bytes(text)).toString("utf8")).toBe(text);
        expect(utf8Text(utf8Bytes(text))).toBe(text);
      }),
    );
    expect(parseDeviceId(founder.device)).toBe(founder.device);
  });
});
