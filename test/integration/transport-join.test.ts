/**
 * Joining on real sockets: the right code admits one device once; wrong, used and expired codes, a relay in the middle and broken lines do not.
 */
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { membershipCrypto } from "../../main/identity/crypto.ts";
import type { Identity } from "../../main/identity/identity.ts";
import { createInvitations, type InvitationsOptions } from "../../main/identity/invitations.ts";
import { dialJoin } from "../../main/identity/join.ts";
import { joinFrame, readJoinFrame } from "../../main/identity/join-frames.ts";
import { proofOf, stretch } from "../../main/identity/stretch.ts";
import type { Listener } from "../../main/sync/transport/api.ts";
import { openChannel } from "../../main/sync/transport/channel.ts";
import { dialLine, dialSecure } from "../../main/sync/transport/dial.ts";
import { listenSecure } from "../../main/sync/transport/listen.ts";
import { JOIN_PROTOCOL, parseInvitation, SHORT_LIFETIME_MS } from "../../shared/membership/invitation.ts";
import { signJoin, takeOperations } from "../../shared/membership/log.ts";
import { newDevice, newWorkspace } from "../unit/membership-fixtures.ts";

const host = "127.0.0.1";
const listeners: Listener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});
const coded = (code: string) => expect.objectContaining({ code });

/** A founded desk with its listener and invitations; `said` tells what happened in which order. */
const startDesk = async (change: Partial<InvitationsOptions> = {}) => {
  const desk = newDevice();
  let { log } = newWorkspace(desk);
  let clock = 0;
  const said: string[] = [];
  const invitations = createInvitations({
    identity: desk,
    now: () => clock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    sha256: membershipCrypto.sha256,
    burn: () => said.push("burn"),
    admit: ({ device, publicKey, name, role, invitation }) => {
      if (!log.membership.members.has(device)) {
        said.push(`join ${name}`);
        const join = signJoin(log.membership, { publicKey, deviceName: name, role, invitation }, desk, membershipCrypto);
        log = takeOperations(log, desk.device, [join.bytes], membershipCrypto).log;
      }
      return { workspace: log.membership.workspace, operations: log.membership.kept.map(({ bytes }) => bytes) };
    },
    refused: (reason) => said.push(`refused ${reason}`),
    ...change,
  });
  const listener: Listener = await listenSecure({
    identity: desk,
    port: 0,
    host,
    isMember: (device) => log.membership.members.has(device),
    link: (link) => link.listen({ message: () => undefined, closed: () => undefined, pong: () => undefined }),
    joins: invitations,
  });
  listeners.push(listener);
  const invite = (role: "admin" | "dispatcher" | "viewer" = "dispatcher", long = false, confirm = () => true) =>
    invitations.open({ role, long, addresses: long ? [{ host, port: listener.port }] : [], confirm });
  return {
    desk,
    port: listener.port,
    said,
    invite,
    members: () => log.membership.members,
    pass: (ms: number) => {
      clock += ms;
    },
  };
};
const join = (identity: Identity, code: string, port: number | null, name = "Yard") => {
  const invitation = parseInvitation(code);
  if (invitation === undefined) throw new Error(`no invitation: ${code}`);
  return dialJoin({ identity, invitation, addresses: port === null ? [] : [{ host, port }], name });
};
/** Another code of the right form. */
const otherThan = (code: string): string => (code.startsWith("0") ? "1" : "0") + code.slice(1);

describe("joining", () => {
  it("with the right code admits the device, burns the code first, and lets it open a link", async () => {
    const { desk, port, said, invite, members } = await startDesk();
    const yard = newDevice();
    const { log, self, inviter, address } = await join(yard, invite().code.toLowerCase(), port);
    expect(said).toEqual(["burn", "join Yard"]);
    expect(self).toMatchObject({ device: yard.device, name: "Yard", role: "dispatcher", letters: "AA" });
    expect([inviter.device, address.port]).toEqual([desk.device, port]);
    expect([...log.membership.members.keys()]).toEqual([...members().keys()]);
    const outcome = await dialSecure({
      identity: yard,
      host,
      port,
      expect: desk.device,
      isMember: (device) => log.membership.members.has(device),
    });
    expect(outcome.kind).toBe("linked");
    if (outcome.kind === "linked") outcome.link.terminate();
  });

  it("by the long form needs no address, and makes an admin", async () => {
    const { port, invite } = await startDesk();
    const { self } = await join(newDevice(), invite("admin", true).code, null);
    expect(self.role).toBe("admin");
    expect(port).toBeGreaterThan(0);
  });

  it("is refused with a wrong code, which ends no invitation", async () => {
    const { port, said, invite, members } = await startDesk();
    const { code } = invite();
    await expect(join(newDevice(), otherThan(code), port)).rejects.toEqual(coded("invitation_wrong"));
    expect([said, members().size]).toEqual([["refused wrong"], 1]);
    await expect(join(newDevice(), code, port)).resolves.toMatchObject({ self: { name: "Yard" } });
  });

  it("is refused after three wrong codes, for a minute, with the right one too", async () => {
    const { port, invite, pass } = await startDesk();
    const { code } = invite();
    for (let i = 0; i < 3; i++) await expect(join(newDevice(), otherThan(code), port)).rejects.toEqual(coded("invitation_wrong"));
    await expect(join(newDevice(), code, port)).rejects.toEqual(coded("invitation_busy"));
    pass(60_000);
    await expect(join(newDevice(), code, port)).resolves.toHaveProperty("self");
  });

  it("is refused with a used code, which says so only to who holds it", async () => {
    const { port, invite, members } = await startDesk();
    const { code } = invite();
    await join(newDevice(), code, port);
    await expect(join(newDevice(), code, port)).rejects.toEqual(coded("invitation_used"));
    await expect(join(newDevice(), otherThan(code), port)).rejects.toEqual(coded("invitation_wrong"));
    expect(members().size).toBe(2);
  });

  it("gives the admitted device its log again when it asks with the same code", async () => {
    const { port, invite, said } = await startDesk();
    const { code } = invite();
    const yard = newDevice();
    const first = await join(yard, code, port);
    const again = await join(yard, code, port);
    expect(again.self).toEqual(first.self);
    expect(said).toEqual(["burn", "join Yard"]);
  });

  it("admits one device when two use the same code at once", async () => {
    const { port, invite, members } = await startDesk();
    const { code } = invite();
    const outcomes = await Promise.allSettled([join(newDevice(), code, port), join(newDevice(), code, port)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(members().size).toBe(2);
  });

  it("is refused with an expired code, and finds no invitation once that is forgotten or none was made", async () => {
    const { port, invite, pass, members } = await startDesk();
    await expect(join(newDevice(), "K7QF2-9XWMD", port)).rejects.toEqual(coded("invitation_none"));
    const { code } = invite();
    pass(SHORT_LIFETIME_MS);
    await expect(join(newDevice(), code, port)).rejects.toEqual(coded("invitation_expired"));
    pass(2 * 60 * 60_000);
    await expect(join(newDevice(), code, port)).rejects.toEqual(coded("invitation_none"));
    expect(members().size).toBe(1);
  });

  it("is refused when the inviter declines, or cancels", async () => {
    const { port, invite, said, members } = await startDesk();
    await expect(join(newDevice(), invite("viewer", false, () => false).code, port)).rejects.toEqual(coded("invitation_declined"));
    const cancelled = invite();
    cancelled.cancel();
    await expect(join(newDevice(), cancelled.code, port)).rejects.toEqual(coded("invitation_used"));
    expect([said, members().size]).toEqual([["burn", "refused declined", "refused used"], 1]);
  });

  it("admits nobody when the code cannot be burned", async () => {
    const { port, invite, members } = await startDesk({
      burn: () => {
        throw new Error("disk full");
      },
    });
    await expect(join(newDevice(), invite().code, port)).rejects.toEqual(coded("invitation_failed"));
    expect(members().size).toBe(1);
  });

  it("as admin is not possible by the short form, and four invitations are the most", async () => {
    const { invite } = await startDesk();
    expect(() => invite("admin")).toThrow(coded("invitation_needs_long"));
    for (let i = 0; i < 4; i++) invite();
    expect(() => invite()).toThrow(coded("too_many_invitations"));
  });

  it("says where nobody answered", async () => {
    await expect(join(newDevice(), "K7QF2-9XWMD", null)).rejects.toEqual(coded("no_address"));
    await expect(join(newDevice(), "K7QF2-9XWMD", 1)).rejects.toEqual(coded("unreachable"));
  });
});

describe("somebody in between", () => {
  it("with a key of its own cannot pass the proofs on: the code stays good", async () => {
    const { desk, port, said, invite, members } = await startDesk();
    const { code } = invite();
    const [relay, yard] = [newDevice(), newDevice()];
    const middle = await listenSecure({
      identity: relay,
      port: 0,
      host,
      isMember: () => false,
      link: () => undefined,
      joins: {
        isOpen: () => true,
        serve: async (towardsJoiner) => {
          const line = await dialLine({
            identity: relay,
            host,
            port,
            protocol: JOIN_PROTOCOL,
            isWanted: (device) => device === desk.device,
          });
          if (line.kind !== "connected") throw new Error(line.kind);
          const towardsInviter = openChannel(line.socket, line.peer);
          await towardsInviter.send(await towardsJoiner.receive(10_000));
          await towardsJoiner.send(await towardsInviter.receive(10_000));
          towardsJoiner.end();
        },
      },
    });
    listeners.push(middle);
    await expect(join(yard, code, middle.port)).rejects.toEqual(coded("invitation_wrong"));
    expect([said, members().size]).toEqual([["refused wrong"], 1]);
    await expect(join(yard, code, port)).resolves.toHaveProperty("self");
  });

  it("that does not know the code is found out by the joiner, and is the wrong device for a long form", async () => {
    const { port, invite } = await startDesk();
    const impostor = await listenSecure({
      identity: newDevice(),
      port: 0,
      host,
      isMember: () => false,
      link: () => undefined,
      joins: {
        isOpen: () => true,
        serve: async (channel) => {
          await channel.receive(10_000);
          await channel.send(joinFrame("proof", new Uint8Array(32)));
        },
      },
    });
    listeners.push(impostor);
    await expect(join(newDevice(), invite().code, impostor.port)).rejects.toEqual(coded("invitation_impostor"));
    const long = invite("dispatcher", true).code.replace(/&a=.*/, "");
    await expect(join(newDevice(), long, impostor.port)).rejects.toEqual(coded("wrong_device"));
    await expect(join(newDevice(), long, port)).resolves.toHaveProperty("self");
  });

  it("that breaks the line before the name is told leaves the code good", async () => {
    const { desk, port, said, invite, members } = await startDesk();
    const { code } = invite();
    const yard = newDevice();
    const line = await dialLine({ identity: yard, host, port, protocol: JOIN_PROTOCOL, isWanted: () => true });
    if (line.kind !== "connected") throw new Error(line.kind);
    const channel = openChannel(line.socket, line.peer);
    const key = await stretch(parseInvitation(code)?.secret ?? new Uint8Array(), channel.exporter);
    await channel.send(joinFrame("proof", proofOf(key, "joiner", desk.publicKey, yard.publicKey)));
    readJoinFrame("proof", await channel.receive(10_000));
    channel.destroy();
    await expect.poll(() => said, { timeout: 10_000 }).toEqual(["refused failed"]);
    await expect(join(yard, code, port)).resolves.toHaveProperty("self");
    expect(members().size).toBe(2);
  });

  it("or at the end that sends garbage as a proof gets no answer", async () => {
    const { port, said, invite } = await startDesk();
    const { code } = invite();
    for (const garbage of [new Uint8Array(), joinFrame("name", new Uint8Array(32)), new Uint8Array(1000)]) {
      const line = await dialLine({ identity: newDevice(), host, port, protocol: JOIN_PROTOCOL, isWanted: () => true });
      if (line.kind !== "connected") throw new Error(line.kind);
      const channel = openChannel(line.socket, line.peer);
      await channel.send(garbage);
      await expect(channel.receive(10_000)).rejects.toEqual(coded("channel_closed"));
    }
    expect(said).toEqual([]);
    await expect(join(newDevice(), code, port)).resolves.toHaveProperty("self");
  });
});
