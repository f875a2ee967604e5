/**
 * A member without a product behind it: holds a real desk's key and speaks the protocol message by message, or bytes that are none.
 * For what a well-behaved worker would never send, and for looking at what it sends.
 */
import { randomBytes } from "node:crypto";
import { membershipCrypto } from "../../main/identity/crypto.ts";
import { openDeviceKey } from "../../main/identity/device-key.ts";
import type { Identity } from "../../main/identity/identity.ts";
import { compression } from "../../main/sync/compression.ts";
import type { Link } from "../../main/sync/transport/api.ts";
import { dialSecure } from "../../main/sync/transport/dial.ts";
import type { VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, parseEpochMs, parseReplicaId, type ReplicaId, type WorkspaceId } from "../../shared/ids.ts";
import { parseOperation } from "../../shared/membership/operation.ts";
import { parseReplicaLine, signReplicaLine } from "../../shared/membership/replica-line.ts";
import { encode, makeDecoder } from "../../shared/protocol/codec.ts";
import type { Hello } from "../../shared/protocol/messages/hello.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { EMPTY_VECTOR } from "../../shared/protocol/vector.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test's value is none");
  return value;
};

export class RawPeer {
  readonly link: Link;
  readonly identity: Identity;
  readonly replica: ReplicaId;
  readonly closed: Promise<string>;
  readonly received: Message[] = [];
  #arrived: (() => void)[] = [];

  private constructor(link: Link, identity: Identity, replica: ReplicaId) {
    this.link = link;
    this.identity = identity;
    this.replica = replica;
    const decoder = makeDecoder(compression);
    this.closed = new Promise((resolve) =>
      link.listen({
        message: (bytes) => {
          const message = decoder.decode(bytes);
          if (message === undefined) return;
          this.received.push(message);
          if (message.kind === "ping") this.send({ kind: "pong", n: message.n, wall: sure(parseEpochMs(Date.now())) });
          for (const arrived of this.#arrived.splice(0)) arrived();
        },
        closed: (_code, reason) => {
          resolve(reason);
          for (const arrived of this.#arrived.splice(0)) arrived();
        },
        pong: () => undefined,
      }),
    );
  }

  /** Dials with the key that lies in a desk's folder. */
  static async dial(
    folder: string,
    port: number,
    device: DeviceId,
    replica = sure(parseReplicaId(randomBytes(16).toString("hex"))),
  ): Promise<RawPeer> {
    const identity = await openDeviceKey({ folder });
    const outcome = await dialSecure({ identity, host: "127.0.0.1", port, expect: device, isMember: () => true });
    if (outcome.kind !== "linked") throw new Error(`the desk did not take us: ${JSON.stringify(outcome)}`);
    return new RawPeer(outcome.link, identity, replica);
  }

  send(message: Message): void {
    for (const frame of encode(message, "deflate", compression)) this.link.send(frame);
  }

  /** Waits for the next message of this kind that was not taken yet. */
  async next<Kind extends Message["kind"]>(kind: Kind): Promise<Extract<Message, { readonly kind: Kind }>> {
    for (;;) {
      const at = this.received.findIndex((message) => message.kind === kind);
      if (at >= 0) return this.received.splice(at, 1)[0] as Extract<Message, { readonly kind: Kind }>;
      if (!this.link.open) throw new Error(`closed before ${kind} came: ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => this.#arrived.push(resolve));
    }
  }

  hello(workspace: WorkspaceId, changed: Partial<Hello> = {}): Hello {
    return {
      kind: "hello",
      protocol: { min: 1, max: 1 },
      workspace,
      device: this.identity.device,
      replica: this.replica,
      replicaLine: signReplicaLine(this.replica, this.identity).bytes,
      app: "raw",
      schema: 1,
      capabilities: [],
      wall: sure(parseEpochMs(Date.now())),
      boot: randomBytes(8).toString("hex"),
      heads: [],
      linesDigest: "",
      vectorDigest: "",
      seen: EMPTY_VECTOR,
      credit: 2,
      port: 0,
      ...changed,
    };
  }

  /** Goes through the opening, saying that we hold `vector`; gives what the desk holds. */
  async open(vector: VersionVector): Promise<VersionVector> {
    const theirs = await this.next("hello");
    this.send(this.hello(theirs.workspace));
    this.send({ kind: "membership", operations: [], lines: [], opening: true });
    const news = await this.next("membership");
    if (news.operations.some((bytes) => !("operation" in parseOperation(bytes, membershipCrypto)))) throw new Error("no operations came");
    if (news.lines.some((bytes) => parseReplicaLine(bytes) === undefined)) throw new Error("no lines came");
    this.send({ kind: "vector", vector, purge: EMPTY_VECTOR });
    return (await this.next("vector")).vector;
  }
}
