/**
 * The desk: the application service behind the board, the browser and the command line. Here its parts are put together over
 * one store and one worker; each subject has a file of its own. Nothing here knows what carries a request.
 */
import { EventEmitter } from "node:events";
import type { EventName, Events } from "../../shared/ipc/contract.ts";
import type { Desk, DeskDeps } from "../host/ports.ts";
import { createBoard } from "./board.ts";
import { createBoardSet } from "./board-set.ts";
import { createChanges } from "./changes.ts";
import { createContext, type Emit } from "./context.ts";
import { createFit } from "./fit.ts";
import { createHistory } from "./history.ts";
import { createImports } from "./import.ts";
import { createInvite } from "./invite.ts";
import { createMembers } from "./members.ts";
import { createNotes } from "./notes.ts";
import { createOrders } from "./orders.ts";
import { createPast } from "./past.ts";
import { createPurge } from "./purge.ts";
import { createReads } from "./reads.ts";
import { createRecords } from "./records.ts";
import { createSetUp } from "./set-up.ts";
import { createStatus } from "./status.ts";
import { createUndo } from "./undo.ts";
import { createVisits } from "./visits.ts";

const ANY = "event";

/** Puts the desk together. The composition closes store and worker after `close`. */
export const createDesk = (deps: DeskDeps): Desk => {
  const { store, sync } = deps;
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const emit: Emit = (name, data) => void events.emit(ANY, name, data);
  const members = createMembers(deps);
  if (store.workspace !== undefined) members.registerReplica();
  const board = createBoardSet(store, () => deps.wall());
  const changes = createChanges(store, board, members, emit);
  let closed = false;
  const later = createLater();
  const context = createContext(deps, members, emit, (committed) => {
    changes.local(committed);
    later("after commits", () => {
      if (closed) return;
      emit("undo.changed", store.undoable());
      emit("sync.status", status.current());
    });
  });
  const fit = createFit(store, context.zone);
  const notes = createNotes(context, changes);
  const status = createStatus(context);
  const orders = createOrders(context, notes);
  const setUp = createSetUp(context);
  const invite = createInvite(context);
  const imports = createImports(context, notes);

  const stops = [
    sync.on("merged", ({ records, byDevice }) => changes.merged(records, byDevice)),
    sync.on("status", (now) => {
      members.refresh();
      status.heard(now);
      emit("sync.status", status.current());
    }),
    sync.on("memberAdded", ({ device, name }) => {
      members.refresh();
      emit("invite.joined", { device, name });
      emit("desk.changed", setUp.info());
    }),
    sync.on("joinRequest", (request) => {
      // A refusal to ask (no dialog here) has already told the worker no; the code's owner sees that nobody joined.
      invite.joinRequested(request).catch(() => undefined);
    }),
  ];

  return {
    handlers: {
      ...setUp.handlers,
      ...createReads(context),
      ...createHistory(context),
      ...createBoard(context, board),
      ...createPast(context),
      ...createPurge(context),
      ...orders,
      ...createRecords(context, notes, orders),
      ...createVisits(context, notes, fit),
      ...createUndo(context),
      ...notes.handlers,
      ...status.handlers,
      ...invite.handlers,
      ...imports.handlers,
    },
    onEvent: (listener) => {
      const heard = <Name extends EventName>(name: Name, data: Events[Name]): void => listener(name, data);
      events.on(ANY, heard);
      return () => void events.off(ANY, heard);
    },
    close: () => {
      closed = true;
      for (const stop of stops) stop();
      imports.close();
      notes.close();
    },
  };
};

/** Runs a piece of work once, after what is going on now; a second asking before that is the same. */
const createLater = (): ((name: string, work: () => void) => void) => {
  const waiting = new Set<string>();
  return (name, work) => {
    if (waiting.has(name)) return;
    waiting.add(name);
    setImmediate(() => {
      waiting.delete(name);
      work();
    });
  };
};
