/**
 * The union of all messages of `switchyard.v1`, and their specs by kind. The order of a connection:
 * hello both ways; membership both ways if heads or lines differ; digests, then vector both ways if the digest in hello differs; then, in any order,
 * ask → sweep-start, batch… (credit back), sweep-end; change; need → whole; tree-ask → tree; announce; ack; holds; membership; ping → pong; error or bye last.
 */
import { type Ack, ack } from "./ack.ts";
import { type Announce, announce } from "./announce.ts";
import { type Ask, ask } from "./ask.ts";
import { type Batch, batch } from "./batch.ts";
import { type Bye, bye } from "./bye.ts";
import { type ChangeMessage, change } from "./change.ts";
import { type Credit, credit } from "./credit.ts";
import { type Digests, digests } from "./digests.ts";
import { type ErrorMessage, error } from "./error.ts";
import { type Hello, hello } from "./hello.ts";
import { type Holds, holds } from "./holds.ts";
import { type MembershipNews, membership } from "./membership.ts";
import { type Need, need } from "./need.ts";
import { type Ping, ping } from "./ping.ts";
import { type Pong, pong } from "./pong.ts";
import type { MessageSpec } from "./spec.ts";
import { type SweepEnd, sweepEnd } from "./sweep-end.ts";
import { type SweepStart, sweepStart } from "./sweep-start.ts";
import { type TreeMessage, tree } from "./tree.ts";
import { type TreeAsk, treeAsk } from "./tree-ask.ts";
import { type VectorMessage, vector } from "./vector.ts";
import { type Whole, whole } from "./whole.ts";

export type Message =
  | Hello
  | MembershipNews
  | Digests
  | VectorMessage
  | Announce
  | Ask
  | SweepStart
  | Batch
  | SweepEnd
  | Credit
  | Need
  | Whole
  | ChangeMessage
  | TreeAsk
  | TreeMessage
  | Ack
  | Holds
  | Ping
  | Pong
  | ErrorMessage
  | Bye;

export type MessageKind = Message["kind"];

export const SPECS: { readonly [Kind in MessageKind]: MessageSpec<Extract<Message, { readonly kind: Kind }>> } = {
  hello,
  membership,
  digests,
  vector,
  announce,
  ask,
  "sweep-start": sweepStart,
  batch,
  "sweep-end": sweepEnd,
  credit,
  need,
  whole,
  change,
  "tree-ask": treeAsk,
  tree,
  ack,
  holds,
  ping,
  pong,
  error,
  bye,
};

export const isMessageKind = (text: string): text is MessageKind => Object.hasOwn(SPECS, text);
