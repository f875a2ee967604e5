/**
 * A random life of some desks: edits, mornings offline, cuts, doubled connections, power losses; then all is well and time goes by.
 * The same for every kind of store; who edits what is the caller's.
 */
import type { Change } from "../../shared/crdt/types.ts";
import type { Desk } from "./desk.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface Scenario {
  readonly world: World;
  readonly steps: number;
  readonly crashes: boolean;
  /** An edit at the desk with this number; `newOnes`: how likely it makes a record. */
  edit(at: number, newOnes: number): Change | undefined;
  /** A mishap of the desk with this number, now and then. */
  mishap?(at: number): void;
}

const NEW_ONES = 0.3;
const MORNING_EDITS = 40;
const MISHAPS = 0.04;
/** Minutes that all is well at the end; a desk that learns of a mishap of its own hangs up on who told it. */
const AFTER_MISHAPS = 8;

/** Chain, ring or everybody with everybody. */
const edgesOf = (random: Random, desks: readonly Desk[]): readonly (readonly [Desk, Desk])[] => {
  const shape = random.below(3);
  const edges: (readonly [Desk, Desk])[] = [];
  desks.forEach((a, i) => {
    desks.forEach((b, j) => {
      if (i >= j) return;
      if (shape === 2 || j === i + 1 || (shape === 1 && i === 0 && j === desks.length - 1)) edges.push([a, b]);
    });
  });
  return edges;
};

/** Plays it, and gives all changes that were committed. */
export const play = ({ world, steps, crashes, edit, mishap }: Scenario): readonly Change[] => {
  const { random, desks } = world;
  const edges = edgesOf(random, desks);
  const changes: Change[] = [];
  const commit = (newOnes = NEW_ONES): void => {
    const at = random.below(desks.length);
    const desk = desks[at];
    const change = edit(at, newOnes);
    if (desk === undefined || change === undefined) return;
    changes.push(change);
    world.committed(desk, change);
  };
  const dial = (): void => {
    const [a, b] = random.pick(edges);
    if (random.chance(0.15)) {
      // Both dial at once.
      world.connect(a, b);
      world.connect(b, a);
    } else if (!world.isConnected(a, b)) {
      if (random.chance(0.5)) world.connect(a, b);
      else world.connect(b, a);
    }
  };
  for (let step = 0; step < steps; step++) {
    if (mishap !== undefined && random.chance(MISHAPS)) mishap(random.below(desks.length));
    const roll = random.next();
    if (roll < 0.5) commit();
    else if (roll < 0.55) {
      // A morning's work offline, and a line that breaks while it is caught up.
      const [a, b] = random.pick(edges);
      world.cut(a, b);
      for (let i = 0; i < MORNING_EDITS; i++) commit(0.8);
      world.runUntil(world.now + 100);
      world.connect(a, b);
      world.runUntil(world.now + random.next() * 500);
      world.cut(a, b);
    } else if (roll < 0.8) dial();
    else if (roll < 0.97 || !crashes) world.cut(...random.pick(edges));
    else world.crash(random.pick(desks));
    world.runUntil(world.now + random.next() ** 3 * 400);
  }
  // All is well from here on: every edge comes to stand, and time goes by.
  world.runUntil(world.now + 1_000);
  for (let again = 0; again < (mishap === undefined ? 2 : AFTER_MISHAPS); again++) {
    for (const [a, b] of edges) if (!world.isConnected(a, b)) world.connect(a, b);
    world.runUntil(world.now + 60_000);
  }
  return changes;
};
