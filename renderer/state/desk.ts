/**
 * This window's tie to its host: who we are, the live set, the day's board, sync status and what undo would take back.
 * `start` loads once and then only listens.
 */
import type { DeskInfo, ImportProgress, SyncStatus } from "../../shared/ipc/answers.ts";
import type { Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { adviceOf } from "./advice.ts";
import { type Beyond, createBeyond } from "./beyond.ts";
import { type Board, createBoard } from "./board.ts";
import type { Carrier } from "./connect.ts";
import { createDayBoard, type DayBoard } from "./day-board.ts";
import { say } from "./said.ts";
import type { Link } from "./socket-host.ts";
import { createStore } from "./store.ts";
import { view } from "./view.ts";
import { createZone } from "./zone.ts";

export interface DeskState {
  readonly info: DeskInfo | undefined;
  readonly link: Link;
  readonly carrier: Carrier | undefined;
  readonly sync: SyncStatus | undefined;
  readonly undo: string | null;
  readonly redo: string | null;
  readonly progress: ImportProgress | undefined;
  /** Who joined with the open invitation. */
  readonly joined: string | undefined;
  /** The day's board, once a workspace is there. */
  readonly days: DayBoard | undefined;
  /** Why the board could not be opened, in a person's words. */
  readonly failure: string | undefined;
}

export const desk = createStore<DeskState>({
  info: undefined,
  link: "connecting",
  carrier: undefined,
  sync: undefined,
  undo: null,
  redo: null,
  progress: undefined,
  joined: undefined,
  days: undefined,
  failure: undefined,
});

const board: Board = createBoard();

/** A request to the host. Rejects with an AppError. */
export const call = <Name extends RequestName>(name: Name, input: Input<Name>): Promise<Output<Name>> => {
  const carrier = desk.get().carrier;
  if (carrier === undefined) return Promise.reject(new Error("The board is not connected yet."));
  return carrier.host.call(name, input);
};

/** What the board does not hold from its start. */
export const beyond: Beyond = createBeyond(
  board,
  (name, input) => call(name, input),
  (error) => say(adviceOf(error)),
);

/** Says so when what was fetched could not be. */
export const fetched = (work: Promise<void>): void => {
  work.catch((error: unknown) => say(adviceOf(error)));
};

const MINUTE_MS = 60_000;

/** Ticks on the minute: hints and the now line speak of whole minutes. */
const keepTime = (): void => {
  const wait = MINUTE_MS - (Date.now() % MINUTE_MS);
  setTimeout(() => {
    desk.get().days?.tick(Date.now());
    keepTime();
  }, wait);
};

const configure = (): void => {
  const days = desk.get().days;
  if (days === undefined) return;
  const { day, grouping, chip, filter, open } = view.get();
  days.configure({ day: day ?? days.today(), grouping, chip, filter });
  fetched(beyond.day(days.zone.bounds(days.day()), days.now()));
  if (open !== undefined) fetched(beyond.record(open));
};

const load = async (): Promise<void> => {
  const data = await call("board.load", {});
  board.load(data.records);
  beyond.reset();
  if (desk.get().days?.zone.id !== data.zone)
    desk.set({ days: createDayBoard(board, createZone(data.zone, navigator.language), Date.now()) });
  // The day and the order that are looked at may lie beyond what was loaded.
  configure();
  desk.set({ sync: await call("sync.status", {}) });
};

/** Loads what the phase needs; the board when there is a workspace. */
const begin = async (info: DeskInfo): Promise<void> => {
  const wasReady = desk.get().info?.phase === "ready";
  desk.set({ info });
  if (info.phase === "ready" && (!wasReady || desk.get().days === undefined)) await load();
};

/** Loads wait for each other; events that come in meanwhile wait for them, so that none is lost or overtaken. */
let loading: Promise<void> = Promise.resolve();

const run = (work: () => Promise<void>): Promise<void> => {
  loading = loading.then(work).catch((error: unknown) => {
    desk.set({ failure: adviceOf(error) });
  });
  return loading;
};

/** Goes on with what the host says we are: after founding or joining. */
export const goOn = (info: DeskInfo): Promise<void> => run(() => begin(info));

/** Connects this window to its host. Resolves when the first load is in; a failure is in `desk.failure`. */
export const start = async (carrier: Carrier): Promise<void> => {
  desk.set({ carrier, link: carrier.kind === "window" ? "ready" : "connecting" });
  const { host } = carrier;
  host.on("records.changed", (change) => {
    beyond.heard(change);
    void loading.then(() => board.apply(change));
  });
  host.on("sync.status", (sync) => desk.set({ sync }));
  host.on("undo.changed", ({ undo, redo }) => desk.set({ undo, redo }));
  host.on("import.progress", (progress) => desk.set({ progress }));
  host.on("invite.joined", ({ name }) => desk.set({ joined: name }));
  host.on("desk.changed", (info) => void goOn(info));
  let lost = false;
  carrier.onLink((link) => {
    desk.set({ link });
    if (link === "away") lost = true;
    if (link !== "ready" || !lost) return;
    lost = false;
    void run(async () => {
      const info = await call("desk.info", {});
      desk.set({ info });
      if (info.phase === "ready") await load();
    });
  });
  view.subscribe(configure);
  keepTime();
  await run(async () => begin(await call("desk.info", {})));
};
