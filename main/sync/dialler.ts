/**
 * Dials the members that are not connected, as `shared/protocol/reconnect.ts` says when: all addresses of one at once, a moment apart,
 * the first that answers wins. Addresses that led to somebody are kept in the notebook, so that mDNS is a help and no need.
 */
import type { DeviceId } from "../../shared/ids.ts";
import { parseDeviceId } from "../../shared/ids.ts";
import { addressText, parseAddress } from "../../shared/membership/invitation.ts";
import * as book from "../../shared/protocol/reconnect.ts";
import type { Identity } from "../identity/identity.ts";
import type { Notebook } from "../store/api.ts";
import type { DialOutcome, Link } from "./transport/api.ts";
import { dialLog, dialSecure } from "./transport/dial.ts";

export interface DiallerOptions {
  readonly identity: Identity;
  readonly notebook: Notebook;
  readonly now: () => number;
  readonly random: () => number;
  isMember(device: DeviceId): boolean;
  /** The whole log: for a member that does not know us yet. */
  operations(): readonly Uint8Array[];
  attach(link: Link): void;
  /** None of its addresses answered. */
  failed(device: DeviceId): void;
  changed(): void;
}

const NOTE = "sync.peers";
/** Between the addresses of one peer. */
const STAGGER_MS = 250;
const KEPT_ADDRESSES = 4;

type Reached = { readonly link: Link; readonly address: book.Address };

const delay = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

export class Dialler {
  readonly #options: DiallerOptions;
  readonly #self: DeviceId;
  #book: book.PeerBook = new Map();
  readonly #stopping = new AbortController();
  /** Where the dial of each device that is being opened leads. */
  readonly #ways = new Map<DeviceId, book.Address>();

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#self = options.identity.device;
    for (const [device, addresses] of readNote(options.notebook.get(NOTE))) this.#found(device, addresses);
  }

  get deadline(): number {
    return book.nextDue(this.#book);
  }

  /** The best address of a device, `host:port`. */
  addressOf(device: DeviceId): string | null {
    const [best] = this.#book.get(device)?.addresses ?? [];
    return best === undefined ? null : addressText(best);
  }

  /** Addresses of a member came up. */
  found(device: DeviceId, addresses: readonly book.Address[]): void {
    if (device === this.#self) return;
    this.#found(device, addresses);
    this.#options.changed();
  }

  vanished(device: DeviceId): void {
    this.#book = book.vanished(this.#book, device);
  }

  /** A session is open; `told` is where an inbound peer says that it listens. */
  connected(device: DeviceId, dialled: boolean, told: book.Address | null): void {
    const way = dialled ? (this.#ways.get(device) ?? null) : null;
    this.#ways.delete(device);
    this.#book = book.connected(this.#book, device, way);
    if (told !== null) this.#found(device, [told]);
    this.#note();
  }

  /** No session with the device is left. `isError`: it was refused for a reason that a new attempt hardly mends. */
  lost(device: DeviceId, isError: boolean): void {
    const { now, random } = this.#options;
    const wasOpen = this.#book.get(device)?.state === "connected";
    this.#ways.delete(device);
    this.#book =
      wasOpen && !isError ? book.lost(this.#book, this.#self, device, now(), random()) : book.refused(this.#book, device, now(), random());
  }

  wake(): void {
    this.#book = book.woken(this.#book, this.#options.now());
  }

  /** Dials whoever is due. */
  run(): void {
    for (const device of book.due(this.#book, this.#options.now())) {
      if (!this.#options.isMember(device)) this.#book = book.forgotten(this.#book, device);
      else void this.#dial(device);
    }
  }

  /** A typed address: whoever of the members answers there. */
  async reach(address: {
    readonly host: string;
    readonly port: number;
  }): Promise<Exclude<DialOutcome, { kind: "linked" }> | { readonly kind: "linked"; readonly device: DeviceId }> {
    const outcome = await this.#try({ ...address, source: "typed" }, undefined, this.#stopping.signal);
    if (outcome.kind !== "linked") return outcome;
    const { device } = outcome.link;
    this.#book = book.found(this.#book, this.#self, device, [{ ...address, source: "typed" }], this.#options.now());
    this.#attach({ link: outcome.link, address: { ...address, source: "typed" } });
    return { kind: "linked", device };
  }

  stop(): void {
    this.#stopping.abort();
  }

  #found(device: DeviceId, addresses: readonly book.Address[]): void {
    this.#book = book.found(this.#book, this.#self, device, addresses, this.#options.now());
  }

  #attach({ link, address }: Reached): void {
    this.#ways.set(link.device, address);
    this.#options.attach(link);
  }

  async #dial(device: DeviceId): Promise<void> {
    const addresses = this.#book.get(device)?.addresses ?? [];
    this.#book = book.dialling(this.#book, device);
    const reached = await this.#first(device, addresses);
    if (this.#stopping.signal.aborted) {
      reached?.link.terminate();
      return;
    }
    if (reached !== null) return this.#attach(reached);
    this.#book = book.failed(this.#book, device, this.#options.now(), this.#options.random());
    this.#options.failed(device);
    this.#options.changed();
  }

  /** All addresses, each a moment after the one before; the first link wins and ends the other attempts. */
  async #first(device: DeviceId, addresses: readonly book.Address[]): Promise<Reached | null> {
    const over = new AbortController();
    const end = (): void => over.abort();
    this.#stopping.signal.addEventListener("abort", end);
    let won: Reached | null = null;
    await Promise.all(
      addresses.map(async (address, at) => {
        await delay(at * STAGGER_MS, over.signal);
        if (over.signal.aborted) return;
        const outcome = await this.#try(address, device, over.signal);
        if (outcome.kind !== "linked") return;
        if (won === null) won = { link: outcome.link, address };
        else outcome.link.close(1000, "Another address answered first");
        end();
      }),
    );
    this.#stopping.signal.removeEventListener("abort", end);
    return won;
  }

  /** A member that hangs up may not have heard of us: it is handed the log, then dialled again. */
  async #try(address: book.Address, expect: DeviceId | undefined, signal: AbortSignal): Promise<DialOutcome> {
    const { identity, operations } = this.#options;
    const isMember = (device: DeviceId): boolean => this.#options.isMember(device);
    const options = { identity, host: address.host, port: address.port, expect, isMember, signal };
    const outcome = await dialSecure(options);
    if (outcome.kind !== "not_accepted") return outcome;
    const handed = await dialLog({ ...options, operations: operations() });
    return handed.kind === "accepted" ? dialSecure(options) : outcome;
  }

  #note(): void {
    const kept = [...this.#book].map(([device, { addresses }]) => [
      device,
      addresses
        .filter(({ source }) => source !== "nearby")
        .slice(0, KEPT_ADDRESSES)
        .map(addressText),
    ]);
    const text = JSON.stringify(Object.fromEntries(kept));
    if (this.#options.notebook.get(NOTE) !== text) this.#options.notebook.set(NOTE, text);
  }
}

/** Reads what `#note` wrote; anything else in it is passed over. */
const readNote = (text: string | undefined): readonly (readonly [DeviceId, readonly book.Address[]])[] => {
  const note: unknown = text === undefined ? {} : JSON.parse(text);
  if (typeof note !== "object" || note === null) return [];
  return Object.entries(note).flatMap(([key, value]: [string, unknown]) => {
    const device = parseDeviceId(key);
    if (device === undefined || !Array.isArray(value)) return [];
    const addresses = value.flatMap((item: unknown) => (typeof item === "string" ? (parseAddress(item) ?? []) : []));
    return [[device, addresses.map((address): book.Address => ({ ...address, source: "good" }))] as const];
  });
};
