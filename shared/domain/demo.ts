/**
 * The demo workspace: an invented mechanical contractor with twelve technicians, a week of visits and 200 orders, of which
 * A-42 is scheduled today. Pure and seeded: the same seed, time and zone give the same records, relative to that time.
 */
import type { Edit } from "../crdt/edit.ts";
import type { Value } from "../crdt/types.ts";
import type { EpochMs, RecordId, ReplicaId } from "../ids.ts";
import type { OrderDraft, VisitDraft } from "./demo/drafts.ts";
import { inChanges, type Make, maker } from "./demo/edits.ts";
import { CHECKLISTS } from "./demo/jobs.ts";
import { addressOf, BUSINESSES, HOUSEHOLDS, WORKERS } from "./demo/people.ts";
import { IN_TRAINING, lateOf, ON_LEAVE, planOrders, SICK, TRAINING_MINUTES } from "./demo/plan.ts";
import { type Random, seededRandom } from "./demo/random.ts";
import { type Calendar, calendarOf, plusMinutes } from "./demo/shift.ts";

export const DEMO_WORKSPACE_NAME = "Larkmoor Mechanical";

export interface DemoOptions {
  readonly now: EpochMs;
  /** The workspace's IANA zone. */
  readonly zone: string;
  /** Who writes it: its texts are in this replica's name. It has issued no order number yet. */
  readonly replica: ReplicaId;
  /** 32 bits; another seed gives other ids, customers and work. */
  readonly seed: number;
}

/** One change each, to be committed in this order. */
export interface DemoAction {
  readonly label: string;
  readonly edits: readonly Edit[];
}

interface Place {
  readonly customer: RecordId;
  readonly site: RecordId;
  readonly contact: RecordId | undefined;
  readonly territory: string;
}

export const demoWorkspace = ({ now, zone, replica, seed }: DemoOptions): readonly DemoAction[] => {
  const random = seededRandom(seed);
  const calendar = calendarOf(now, zone);
  const make = maker(now, replica, random);
  const staff = makeWorkers(make, calendar);
  const away = makeAbsences(make, calendar, staff.ids);
  const places = makeCustomers(make, random);
  const orders = makeOrders(make, planOrders(calendar, random), staff.ids, places.list);
  const labelled = (label: string, together: readonly (readonly Edit[])[]): readonly DemoAction[] =>
    inChanges(together).map((edits) => ({ label, edits }));
  return [
    ...labelled("Demo: technicians", [...staff.edits, ...away]),
    ...labelled("Demo: customers", places.edits),
    ...labelled("Demo: orders", orders),
  ];
};

const makeWorkers = (make: Make, calendar: Calendar) => {
  const made = WORKERS.map(({ name, phone, team, territories, skills, vehicle }, index) =>
    make(
      "technician",
      { name, phone, team, vehicle, active: true, workingHours: hoursValue(calendar, index) },
      { sets: { territories }, lists: { skills: skills.map(([skill, level]) => ({ skill, level })) } },
    ),
  );
  return { ids: made.map(({ id }) => id), edits: made.map(({ edits }) => edits) };
};

const hoursValue = (calendar: Calendar, worker: number): Value =>
  Object.fromEntries(Object.entries(calendar.hours(lateOf(worker))).map(([weekday, [from, to]]) => [weekday, [from, to]]));

const makeAbsences = (make: Make, calendar: Calendar, workers: readonly RecordId[]): readonly (readonly Edit[])[] => {
  const { today, after, shiftStart } = calendar;
  const absence = (kind: string, indexes: readonly number[], from: EpochMs, to: EpochMs, note?: string) =>
    make("absence", { kind, from, to, note }, { sets: { technicians: indexes.flatMap((index) => workers[index] ?? []) } }).edits;
  const heating = WORKERS.flatMap(({ team }, index) => (team === "Heating and air" ? [index] : []));
  const meeting = calendar.at(after[1], shiftStart);
  return [
    absence("sick", [SICK], today.from, today.to, "Called in before the shift"),
    absence(
      "training",
      [IN_TRAINING],
      calendar.at(today, shiftStart),
      calendar.at(today, shiftStart + TRAINING_MINUTES),
      "Refrigerant certificate",
    ),
    absence("leave", [ON_LEAVE], after[0].from, after[1].to),
    absence("meeting", heating, meeting, plusMinutes(meeting, 60), "Team meeting"),
  ];
};

const makeCustomers = (make: Make, random: Random) => {
  const edits: (readonly Edit[])[] = [];
  const list: Place[] = [];
  const phone = (index: number): string => `555-01${String((index * 37) % 100).padStart(2, "0")}`;
  const place = (name: string, business: (typeof BUSINESSES)[number] | undefined): void => {
    const index = list.length;
    const { address, territory } = addressOf(index, random.whole(1, 99) * 2 + (index % 2));
    const customer = make("customer", { name, terms: business ? "30 days" : undefined }, { sets: { phones: [phone(index)] } });
    const site = make(
      "site",
      { customer: customer.id, name: business?.name, address, hours: business?.hours, territory },
      { texts: { accessNotes: business?.access } },
    );
    const contact =
      business && make("contact", { name: business.contact, phone: phone(index + 50), role: business.role, customer: customer.id });
    edits.push([...customer.edits, ...site.edits, ...(contact?.edits ?? [])]);
    list.push({ customer: customer.id, site: site.id, contact: contact?.id, territory });
  };
  for (const name of HOUSEHOLDS) place(name, undefined);
  for (const business of BUSINESSES) place(business.name, business);
  return { edits, list };
};

const makeOrders = (
  make: Make,
  drafts: readonly OrderDraft[],
  workers: readonly RecordId[],
  places: readonly Place[],
): readonly (readonly Edit[])[] => {
  const made = new Map<OrderDraft, RecordId>();
  return drafts.map((draft) => {
    const { job, status, priority, visits, requestedFrom, requestedTo, dueBy, holdReason, heldFrom, cancelReason } = draft;
    const place = places[draft.customer];
    const failed = draft.callBackOf && made.get(draft.callBackOf);
    const order = make(
      "workOrder",
      {
        title: job.title,
        kind: job.kind,
        priority,
        status,
        holdReason,
        heldFrom,
        cancelReason,
        customer: place?.customer,
        site: place?.site,
        contact: place?.contact,
        requestedFrom,
        requestedTo,
        dueBy,
        estimatedMinutes: job.minutes,
        territory: place?.territory,
      },
      {
        numbered: true,
        sets: { skills: [job.skill], tags: draft.tags ?? [], related: failed ? [failed] : [] },
        lists: { checklist: checklistOf(draft) },
        texts: { notes: draft.note, resolution: draft.resolution },
      },
    );
    made.set(draft, order.id);
    return [...order.edits, ...visits.flatMap((visit) => visitEdits(make, order.id, visit, workers))];
  });
};

/** Finished work has its items ticked; work under way the first ones. */
const checklistOf = ({ job, status, visits }: OrderDraft): readonly Readonly<Record<string, Value>>[] => {
  const labels = CHECKLISTS[job.kind] ?? [];
  const visit = visits.at(-1);
  const isFinished = status === "done" || status === "closed";
  const ticked = isFinished
    ? labels.length
    : status === "in_progress" && visit?.arrivedAt !== undefined
      ? Math.floor(labels.length / 2)
      : 0;
  return labels.map((label, index) => ({
    label,
    kind: "tick",
    required: index === 0,
    ...(index < ticked && visit
      ? { value: true, doneBy: WORKERS[visit.worker]?.name ?? "", doneAt: visit.finishedAt ?? visit.arrivedAt ?? visit.from }
      : {}),
  }));
};

const visitEdits = (make: Make, workOrder: RecordId, visit: VisitDraft, workers: readonly RecordId[]): readonly Edit[] => {
  const lead = workers[visit.worker];
  const { from, minutes, windowFrom, windowTo, status, dispatchedAt, travelFrom, arrivedAt, finishedAt, outcome } = visit;
  return make(
    "visit",
    {
      workOrder,
      lead,
      status,
      windowFrom,
      windowTo,
      plannedFrom: from,
      plannedMinutes: minutes,
      pinned: visit.pinned,
      dispatchedAt,
      changedSinceDispatch: visit.changed,
      travelFrom,
      arrivedAt,
      finishedAt,
      outcome,
    },
    { sets: { technicians: lead === undefined ? [] : [lead] } },
  ).edits;
};
