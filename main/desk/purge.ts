/**
 * Purging for a person: what of the trash would go for good now, what waits and for which desks; going ahead; and an admin's word that a
 * desk is not to be waited for. The worker removes, since it tells the peers; without one the file is alone and does it itself.
 */
import { AppError } from "../../shared/errors.ts";
import type { DeviceId } from "../../shared/ids.ts";
import type { PurgeReport } from "../../shared/ipc/answers.ts";
import { type PurgeRules, waitedFor } from "../../shared/protocol/purge.ts";
import type { Handlers } from "../host/ports.ts";
import type { PurgeLine } from "../store/api.ts";
import { TRASH_MS } from "../sync/purge-keeper.ts";
import type { DeskContext } from "./context.ts";
import { nameOf } from "./refs.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** So many records are named; more are purged all the same. */
const NAMED = 1_000;
const STEP = 200;

export const createPurge = (context: DeskContext): Pick<Handlers, "trash.purge"> => {
  const { store, sync, device } = context.deps;
  const others = (): readonly DeviceId[] => [...(context.members.membership()?.members.keys() ?? [])].filter((member) => member !== device);
  const connected = (): ReadonlySet<DeviceId> =>
    new Set((sync.status?.peers ?? []).filter((peer) => peer.connected).map((peer) => peer.device));
  const rulesOf = (trashMs: number): PurgeRules => ({
    now: context.now(),
    trashMs,
    own: store.vector(),
    others: waitedFor(others(), store.purging.acknowledged(), connected()),
  });

  const itemOf = ({ record, collection }: PurgeLine): PurgeReport["goes"][number] => {
    const row = store.row(record, { deleted: true });
    return { record, collection, name: row === undefined ? record : nameOf(row) };
  };
  const deskOf = (id: DeviceId): { readonly device: DeviceId; readonly name: string } => ({
    device: id,
    name: context.members.nameOf(id) ?? id,
  });
  const waitOf = (line: PurgeLine): PurgeReport["waits"] => {
    const { verdict } = line;
    if (verdict.kind === "goes") return [];
    const until = verdict.kind === "recent" ? verdict.until : null;
    return [{ ...itemOf(line), reason: verdict.kind, until, desks: verdict.kind === "waits" ? verdict.devices.map(deskOf) : [] }];
  };
  const look = (trashMs: number): Omit<PurgeReport, "purged"> => {
    const lines = store.purging.look(rulesOf(trashMs), NAMED);
    const away = [...store.purging.acknowledged()].flatMap(([id, known]) =>
      known.away === null || connected().has(id) ? [] : [deskOf(id)],
    );
    return { goes: lines.filter(({ verdict }) => verdict.kind === "goes").map(itemOf), waits: lines.flatMap(waitOf), away };
  };

  const setAway = (typed: string): void => {
    if (context.members.own()?.role !== "admin")
      throw new AppError("not_admin", "Only an admin may say that a desk is not waited for. Ask an admin.");
    const named = others().filter((id) => id === typed || context.members.nameOf(id)?.toLowerCase() === typed.toLowerCase());
    const [first, second] = named;
    if (first === undefined) throw new AppError("not_found", `There is no other desk called "${typed}".`);
    if (second !== undefined) throw new AppError("ambiguous_name", `Several desks are called "${typed}". Give the device's id.`);
    if (connected().has(first)) throw new AppError("desk_connected", `${deskOf(first).name} is connected, so it is no desk that is away.`);
    store.purging.setAway(first, context.now());
  };

  const alone = (trashMs: number): number => {
    let purged = 0;
    for (let from: number | null = 0; from !== null; ) {
      const step: ReturnType<typeof store.purging.step> = store.purging.step(rulesOf(trashMs), from, STEP);
      purged += step.purged.length;
      from = step.next;
    }
    return purged;
  };
  const purge = async (trashMs: number): Promise<number> => {
    try {
      return (await sync.request({ kind: "purge", trashMs })).purged;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "host_not_running") throw error;
      return alone(trashMs);
    }
  };

  return {
    "trash.purge": async ({ dryRun, days, without }) => {
      const trashMs = days === undefined ? TRASH_MS : days * DAY_MS;
      if (!dryRun) {
        context.members.requireWriter();
        if (without !== undefined) setAway(without);
      }
      const report = look(trashMs);
      return { ...report, purged: dryRun ? 0 : await purge(trashMs) };
    },
  };
};
