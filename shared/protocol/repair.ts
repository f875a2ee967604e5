/**
 * Repair: two desks with equal vectors and unequal fingerprints find what differs (a forked replica's changes under used numbers, a
 * fault) by walking the other's hash tree, and each fetches whole the records that differ. Each desk walks for itself and mends only
 * itself; merging is a join, so it is always safe, whatever edits come meanwhile. It never touches a vector. Source: merge.md,
 * "Differences are found and repaired".
 */
import { TREE_ROOT, type TreeDifference, type TreeNode, type TreePart } from "../crdt/record-tree.ts";
import type { RecordId } from "../ids.ts";
import { MAX_REPAIR_RECORDS, MAX_TREE_NODES } from "./limits.ts";
import type { TreeMessage } from "./messages/tree.ts";
import type { TreeAsk } from "./messages/tree-ask.ts";
import { type Context, failed, type SessionEffect, type Step } from "./session-events.ts";
import type { Open, SyncSession } from "./session-state.ts";

/** In hello: whoever lacks it is not asked. */
export const REPAIR_CAPABILITY = "repair";

/** Our walk over the peer's tree. */
export interface Walk {
  readonly walk: number;
  /** The two fingerprints that it is about. */
  readonly ours: string;
  readonly theirs: string;
  /** Our own tree stands, so that an answer can be compared with it. */
  readonly built: boolean;
  /** An answer that came before our own tree stood. */
  readonly answer: readonly TreePart[] | null;
  readonly asked: readonly TreeNode[];
  readonly nodes: readonly TreeNode[];
  /** Records that differ and were not asked for yet, and those that were and have not come. */
  readonly records: readonly RecordId[];
  readonly fetching: ReadonlySet<RecordId>;
  /** When it last moved, monotonic. */
  readonly movedAt: number;
}

/** What a session knows of repairs, both ways. */
export interface Repair {
  readonly walks: number;
  readonly walk: Walk | null;
  /** The peer's question that waits for our tree. */
  readonly question: TreeAsk | null;
  /** When the peer last asked, monotonic. */
  readonly askedAt: number;
}

export const NO_REPAIR: Repair = { walks: 0, walk: null, question: null, askedAt: Number.NEGATIVE_INFINITY };

const BUILD: SessionEffect = { kind: "build-tree" };

const withWalk = (session: Open, walk: Walk | null): Open => ({ ...session, repair: { ...session.repair, walk } });

const isSameNode = (a: TreeNode, b: TreeNode): boolean => a.depth === b.depth && a.index === b.index;

/** The composition has found that the two differ for no other reason than a fault: walk, anew where a walk has stopped moving. */
export const startWalk = (session: Open, ours: string, theirs: string, { now }: Context): Step<Open> => {
  const number = session.repair.walks + 1;
  const asked = [TREE_ROOT];
  const walk: Walk = {
    walk: number,
    ours,
    theirs,
    built: false,
    answer: null,
    asked,
    nodes: [],
    records: [],
    fetching: new Set(),
    movedAt: now,
  };
  return [
    { ...session, repair: { ...session.repair, walks: number, walk } },
    [BUILD, { kind: "send", message: { kind: "tree-ask", walk: number, nodes: asked } }],
  ];
};

const endWalk = (session: Open, { ours, theirs }: Walk, complete: boolean): Step<Open> => [
  withWalk(session, null),
  [{ kind: "walked", ours, theirs, complete }],
];

/** Records before nodes, so that little waits at any time; the end when there is neither. */
const goOn = (session: Open, walk: Walk, now: number): Step<Open> => {
  if (walk.fetching.size > 0) return [withWalk(session, walk), []];
  if (walk.records.length > 0) {
    const records = walk.records.slice(0, MAX_REPAIR_RECORDS);
    const next: Walk = { ...walk, records: walk.records.slice(records.length), fetching: new Set(records), movedAt: now };
    return [withWalk(session, next), [{ kind: "send", message: { kind: "need", records } }]];
  }
  if (walk.nodes.length === 0) return endWalk(session, walk, true);
  const asked = walk.nodes.slice(-MAX_TREE_NODES);
  const next: Walk = { ...walk, nodes: walk.nodes.slice(0, -asked.length), asked, movedAt: now };
  return [withWalk(session, next), [{ kind: "send", message: { kind: "tree-ask", walk: walk.walk, nodes: asked } }]];
};

/** The peer's answer. */
export const treeCame = (session: Open, { walk: number, parts }: TreeMessage, { now }: Context): Step<SyncSession> => {
  const { walk } = session.repair;
  if (walk === null || walk.walk !== number) return [session, []];
  if (parts === null) return endWalk(session, walk, false);
  const fits = parts.length === walk.asked.length && parts.every(({ node }, at) => isSameNode(node, walk.asked[at] ?? TREE_ROOT));
  if (!fits || walk.answer !== null || walk.fetching.size > 0) return failed(session.device, "unexpected");
  if (!walk.built) return [withWalk(session, { ...walk, answer: parts, movedAt: now }), []];
  return [session, [{ kind: "compare-tree", walk: number, parts }]];
};

/** What the store said to `compare-tree`; null when our own tree is gone. */
export const treeCompared = (session: Open, number: number, difference: TreeDifference | null, { now }: Context): Step<Open> => {
  const { walk } = session.repair;
  if (walk === null || walk.walk !== number) return [session, []];
  if (difference === null) return endWalk(session, walk, false);
  const { nodes, records } = difference;
  return goOn(session, { ...walk, asked: [], nodes: [...walk.nodes, ...nodes], records: [...walk.records, ...records], movedAt: now }, now);
};

/** Records came whole, or the peer has them no more: those that the walk waits for are done with. */
export const recordsCame = (session: Open, records: ReadonlySet<RecordId>, { now }: Context): Step<Open> => {
  const { walk } = session.repair;
  if (walk === null || walk.fetching.size === 0) return [session, []];
  const fetching = new Set([...walk.fetching].filter((record) => !records.has(record)));
  return fetching.size === walk.fetching.size ? [session, []] : goOn(session, { ...walk, fetching, movedAt: now }, now);
};

/** The peer walks over our tree. A walk is not begun while we are catching up: it would find what is on its way. */
export const treeAsked = (session: Open, question: TreeAsk, { now, weSend, isCatchUpCut }: Context): Step<Open> => {
  const isFirst = question.nodes.some(({ depth }) => depth === 0);
  if (!weSend || (isFirst && (session.in !== null || isCatchUpCut()))) {
    return [session, [{ kind: "send", message: { kind: "tree", walk: question.walk, parts: null } }]];
  }
  const noted: Open = { ...session, repair: { ...session.repair, askedAt: now, question: isFirst ? question : session.repair.question } };
  return [noted, isFirst ? [BUILD] : [{ kind: "read-tree", walk: question.walk, nodes: question.nodes }]];
};

/** Our tree stands. */
export const treeBuilt = (session: Open, { now }: Context): Step<Open> => {
  const { walk, question } = session.repair;
  const effects: SessionEffect[] = [];
  if (question !== null) effects.push({ kind: "read-tree", walk: question.walk, nodes: question.nodes });
  if (walk !== null && !walk.built && walk.answer !== null) effects.push({ kind: "compare-tree", walk: walk.walk, parts: walk.answer });
  const built = walk === null || walk.built ? walk : { ...walk, built: true, answer: null, movedAt: now };
  return [{ ...session, repair: { ...session.repair, question: null, walk: built } }, effects];
};
