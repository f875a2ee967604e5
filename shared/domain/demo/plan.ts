/**
 * The demo's 200 orders as drafts: a finished past, today under way, a week booked ahead, and what waits in the tray.
 * The odd ones are made on purpose, one of each kind that a dispatcher meets: overlap, late, over, changed, call-back, hold.
 */
import { type EpochMs, parseEpochMs } from "../../ids.ts";
import type { OrderStatus, Priority, VisitStatus } from "../status.ts";
import type { OrderDraft, VisitDraft } from "./drafts.ts";
import { CALL_BACKS, HOLDS, JOBS, type Job, NOTES, ORDER_42, RESOLUTIONS, URGENT } from "./jobs.ts";
import { BUSINESSES, HOUSEHOLDS, WORKERS } from "./people.ts";
import type { Random } from "./random.ts";
import { type Calendar, plusMinutes, SHIFT_MINUTES } from "./shift.ts";
import { type Slot, shiftEnd, slotsOf, statusAt, visitAt } from "./visits.ts";

export const DEMO_ORDERS = 200;
const THE_ORDER = 42;
const DAY_MINUTES = 1440;
/** Skills for things that no household has. */
const FOR_BUSINESSES: ReadonlySet<string> = new Set(["Rooftop", "Backflow"]);

export const workerIndex = (name: string): number => WORKERS.findIndex((worker) => worker.name === name);
/** Sick today: three visits went to the tray. */
export const SICK = workerIndex("Amos Whitfield");
/** In a training for the first hours of today. */
export const IN_TRAINING = workerIndex("Theo Brandvold");
export const TRAINING_MINUTES = 240;
/** On leave on the next two working days. */
export const ON_LEAVE = workerIndex("Stefan Novak");
/** Begins later than the others, to cover the evening. */
export const LATE_SHIFT = workerIndex("Joanna Kessler");
export const LATE_MINUTES = 120;
const LEAD_OF_42 = workerIndex("Rosa Delaney");
const TWO_DAY_CREW = workerIndex("Gus Halloran");
/** Is booked twice at the end of a day. */
const BOOKED_TWICE = workerIndex("Lily Tran");
const TWICE_AT = 420;

export const lateOf = (worker: number): number => (worker === LATE_SHIFT ? LATE_MINUTES : 0);

export const planOrders = (calendar: Calendar, random: Random): readonly OrderDraft[] => {
  let nextCustomer = 0;
  /** Every household has its turn; businesses come more often, as they do. */
  const customer = (job: Job): number => {
    if (FOR_BUSINESSES.has(job.skill) || random.chance(0.2)) return HOUSEHOLDS.length + random.whole(0, BUSINESSES.length - 1);
    nextCustomer = (nextCustomer + 7) % HOUSEHOLDS.length;
    return nextCustomer;
  };
  const jobFor = (worker: number, kinds?: readonly Job["kind"][]): Job => {
    const { team, skills } = WORKERS[worker] ?? { team: "Plumbing", skills: [] };
    const ofTeam = JOBS.filter((job) => job.team === team && job.kind !== "quote");
    const fitting = ofTeam.filter((job) => kinds === undefined || kinds.includes(job.kind));
    const skilled = fitting.filter((job) => skills.some(([skill]) => skill === job.skill));
    return random.pick(skilled.length > 0 ? skilled : fitting);
  };
  const priority = (job: Job): Priority =>
    job.kind === "maintenance" ? random.pick(["low", "low", "normal"]) : random.pick(["normal", "normal", "normal", "normal", "high"]);
  const booked = (near: EpochMs, mostDays: number): EpochMs => {
    const at = plusMinutes(near, -random.whole(90, mostDays * DAY_MINUTES));
    return parseEpochMs(Math.min(at, plusMinutes(calendar.now, -5))) ?? calendar.now;
  };
  const note = (share: number): { readonly note?: string } => (random.chance(share) ? { note: random.pick(NOTES) } : {});

  const order = (job: Job, status: OrderStatus, visits: readonly VisitDraft[], more: Partial<OrderDraft> = {}): OrderDraft => ({
    job,
    customer: customer(job),
    status,
    priority: priority(job),
    visits,
    ...(visits[0] ? { requestedFrom: visits[0].windowFrom, requestedTo: (visits.at(-1) ?? visits[0]).windowTo } : {}),
    bookedAt: booked(visits[0]?.from ?? calendar.now, 9),
    ...more,
  });

  const dayOf = (worker: number): readonly (Slot & { readonly job: Job })[] => {
    const jobs: Job[] = [];
    const start = calendar.shiftStart + (worker === IN_TRAINING ? TRAINING_MINUTES + 30 : lateOf(worker) + random.pick([0, 0, 30, 60]));
    const end = worker === BOOKED_TWICE ? calendar.shiftStart + TWICE_AT - 15 : shiftEnd(calendar, lateOf(worker)) - 30;
    const slots = slotsOf(start, end, () => {
      const first = jobFor(worker);
      const job = jobs.includes(first) ? jobFor(worker) : first;
      jobs.push(job);
      return job.minutes;
    });
    return slots.flatMap((slot, i) => (jobs[i] === undefined ? [] : [{ ...slot, job: jobs[i] }]));
  };

  /** Two days that are over. One visit found nobody home. */
  const past = (): readonly OrderDraft[] =>
    calendar.before.flatMap((day, daysAgo) =>
      WORKERS.flatMap((_, worker) =>
        (worker === TWO_DAY_CREW && daysAgo === 1 ? [] : dayOf(worker)).slice(0, worker % 3 === 0 ? 3 : 2).map((slot) => {
          const status: OrderStatus = daysAgo === 0 || random.chance(0.6) ? "closed" : "done";
          return order(slot.job, status, [visitAt(calendar, day, worker, slot, "done")], {
            ...note(0.1),
            ...(random.chance(0.35) ? { resolution: random.pick(RESOLUTIONS) } : {}),
          });
        }),
      ),
    );

  const orderStatus = (status: VisitStatus): OrderStatus =>
    status === "done" ? "done" : status === "travelling" || status === "working" || status === "paused" ? "in_progress" : "scheduled";

  /** Today of everyone who is there, with one late and one running over where the hour allows it. */
  const today = (): readonly OrderDraft[] => {
    const { minuteNow } = calendar;
    let isOver = false;
    let isLate = false;
    let isChanged = false;
    return WORKERS.flatMap((_, worker) => {
      if (worker === SICK || worker === TWO_DAY_CREW) return [];
      const slots = dayOf(worker).filter(({ start, minutes }) => worker !== LEAD_OF_42 || start + minutes <= slotOf42(calendar).start - 15);
      // Who is still somewhere, or late for it, is not on the way to the next.
      let isBusy = false;
      return slots.map((slot, i) => {
        const next = slots[i + 1];
        let status = statusAt(slot, minuteNow, random);
        let more: Partial<VisitDraft> = {};
        const overBy = minuteNow - slot.start - slot.minutes;
        if (!isOver && status === "done" && overBy >= 5 && overBy <= 60 && next !== undefined && next.start > minuteNow) {
          isOver = true;
          status = "working";
        } else if (!isLate && (status === "working" || status === "paused") && minuteNow - slot.start >= 15) {
          isLate = true;
          status = "dispatched";
        } else if (!isChanged && slot.start - minuteNow >= 60) {
          isChanged = true;
          status = "planned";
          more = { changed: true, dispatchedAt: plusMinutes(calendar.now, -50) };
        } else if (status === "travelling" && isBusy) status = "dispatched";
        else if (status === "confirmed" && random.chance(0.12)) more = { pinned: true };
        isBusy = status === "working" || status === "paused" || (status === "dispatched" && slot.start <= minuteNow);
        return order(slot.job, orderStatus(status), [{ ...visitAt(calendar, calendar.today, worker, slot, status), ...more }], {
          ...note(0.18),
          ...(status === "done" && random.chance(0.5) ? { resolution: random.pick(RESOLUTIONS) } : {}),
        });
      });
    });
  };

  /** Work of two days, the second of which is today. */
  const twoDays = (): OrderDraft => {
    const slot: Slot = { start: calendar.shiftStart + 60, minutes: SHIFT_MINUTES - 60 };
    const status = statusAt(slot, calendar.minuteNow, random);
    const job: Job = {
      title: "Split units, three heads, day 2 of 2",
      kind: "install",
      team: "Installation",
      skill: "Split units",
      minutes: 720,
    };
    const second = visitAt(calendar, calendar.today, TWO_DAY_CREW, slot, status);
    return order(
      job,
      status === "done" ? "done" : "in_progress",
      [visitAt(calendar, calendar.before[1], TWO_DAY_CREW, slot, "done"), second],
      {
        note: "Line set is in, heads 1 and 2 hung. Electrician comes at noon.",
      },
    );
  };

  const order42 = (): OrderDraft =>
    order(ORDER_42, "scheduled", [{ ...visitAt(calendar, calendar.today, LEAD_OF_42, slotOf42(calendar), "confirmed") }], {
      priority: "high",
    });

  /** Two bookings of one technician at one time: two desks that did not see each other. On the next working day if today is too late. */
  const overlap = (): readonly OrderDraft[] => {
    const isToday = calendar.minuteNow < calendar.shiftStart + 330;
    const day = isToday ? calendar.today : calendar.after[0];
    const start = calendar.shiftStart + TWICE_AT;
    return [start, start + 30].map((at) => {
      const job = jobFor(BOOKED_TWICE, ["repair", "maintenance"]);
      return order(job, "scheduled", [
        visitAt(calendar, day, BOOKED_TWICE, { start: at, minutes: Math.min(job.minutes, 90) }, "confirmed"),
      ]);
    });
  };

  /** The visits of the one who called in sick: their orders are in the tray again, the customers still wait. */
  const ofTheSick = (): readonly OrderDraft[] =>
    [60, 210, 330].map((offset) => {
      const job = jobFor(SICK, ["repair", "maintenance"]);
      const planned = visitAt(calendar, calendar.today, SICK, { start: calendar.shiftStart + offset, minutes: job.minutes }, "cancelled");
      return order(job, "new", [{ ...planned, outcome: "Technician sick" }], { tags: ["rebook"] });
    });

  const wanted = (job: Job, dayNumber: number, offset: number, more: Partial<OrderDraft> = {}): OrderDraft => {
    const day = dayNumber === 0 ? calendar.today : (calendar.after[dayNumber - 1] ?? calendar.after[3]);
    const from = calendar.at(day, Math.min(DAY_MINUTES - 121, Math.floor((calendar.shiftStart + offset) / 60) * 60));
    return order(job, "new", [], { requestedFrom: from, requestedTo: plusMinutes(from, 120), bookedAt: booked(calendar.now, 2), ...more });
  };

  /** What nobody is booked for yet: urgent, call-backs, today's wishes, this week's, maintenance, and quotes without a day. */
  const waiting = (finished: readonly OrderDraft[]): readonly OrderDraft[] => {
    const soon = Math.max(60, calendar.minuteNow - calendar.shiftStart + 75);
    const anyone = (): number => random.whole(0, WORKERS.length - 1);
    const anyTime = { requestedFrom: calendar.today.from, requestedTo: plusMinutes(calendar.today.to, -1) };
    const failed = finished.filter((draft) => draft.job.kind === "repair");
    const fresh = { bookedAt: plusMinutes(calendar.now, -12) };
    return [
      ...URGENT.map((job, i) =>
        wanted(job, 0, soon + i * 60, {
          priority: "urgent",
          tags: ["no heat or water"],
          note: "Called twice.",
          customer: 3 + i * 11,
          ...fresh,
        }),
      ),
      ...CALL_BACKS.map((job, i) => {
        const before = failed.filter((draft) => draft.job.team === job.team)[i];
        return wanted(job, i, i === 0 ? soon : 180, {
          priority: "high",
          tags: ["warranty"],
          bookedAt: booked(calendar.now, 1),
          ...(before ? { callBackOf: before, customer: before.customer } : {}),
        });
      }),
      ...[120, 180, 240, 300].map((offset) => wanted(jobFor(anyone(), ["repair"]), 0, Math.max(soon, offset), note(0.3))),
      ...[0, 1].map(() => wanted(jobFor(workerIndex("Carmen Ruiz"), ["maintenance"]), 0, 0, anyTime)),
      ...[1, 1, 2, 2, 3, 4].map((day) => wanted(jobFor(anyone(), ["repair", "inspection"]), day, random.whole(0, 6) * 60)),
      ...[1, 2, 3, 4, 4].map((day) =>
        order(jobFor(workerIndex("Dev Patel"), ["maintenance"]), "new", [], {
          dueBy: (calendar.after[day - 1] ?? calendar.after[3]).to,
          tags: ["plan"],
        }),
      ),
      ...JOBS.filter((job) => job.kind === "quote").map((job) => order(job, "new", [], { tags: ["quote"] })),
    ];
  };

  const held = (): readonly OrderDraft[] =>
    HOLDS.map(([title, team, skill, holdReason], i) => {
      const heldFrom: OrderStatus = i % 2 === 0 ? "scheduled" : "in_progress";
      const job: Job = { title, team, skill, kind: "repair", minutes: 120 };
      const dueBy = i < 3 ? { dueBy: calendar.at(calendar.after[i] ?? calendar.today, calendar.shiftStart + 480) } : {};
      return order(job, "on_hold", [], { holdReason, heldFrom, bookedAt: booked(calendar.now, 12), ...dueBy, ...note(0.5) });
    });

  const cancelled = (): readonly OrderDraft[] =>
    ["Customer fixed it", "Sold the house", "Went elsewhere"].map((cancelReason, i) => {
      const job = jobFor(i * 4, ["repair"]);
      const slot: Slot = { start: calendar.shiftStart + 90 + i * 60, minutes: job.minutes };
      return order(job, "cancelled", [visitAt(calendar, calendar.today, i * 4, slot, "cancelled")], { cancelReason });
    });

  const noAccess = (): OrderDraft => {
    const worker = workerIndex("Owen Pike");
    const job = jobFor(worker, ["repair"]);
    const visit = visitAt(
      calendar,
      calendar.before[1],
      worker,
      { start: calendar.shiftStart + 450, minutes: Math.min(job.minutes, 75) },
      "no_access",
    );
    return order(job, "new", [{ ...visit, outcome: "Nobody home" }], {
      tags: ["return visit"],
      note: "Left a card. Call before the next try.",
    });
  };

  /** Booked ahead, thinner with each day, until there are as many orders as there should be. */
  const ahead = (count: number): readonly OrderDraft[] => {
    const free = calendar.after.flatMap((day, daysAhead) =>
      WORKERS.flatMap((_, worker) =>
        worker === ON_LEAVE && daysAhead < 2
          ? []
          : dayOf(worker)
              .slice(daysAhead % 2, 4 - Math.floor(daysAhead / 2))
              .map((slot) => ({ day, daysAhead, worker, slot })),
      ),
    );
    if (free.length < count) throw new RangeError(`the demo has room for ${free.length} orders ahead, not ${count}`);
    return free
      .map((one, i) => ({ ...one, rank: one.daysAhead * 0.35 + ((i * 7) % 12) / 12 }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, count)
      .map(({ day, daysAhead, worker, slot }) => {
        const status = daysAhead === 0 && random.chance(0.5) ? "confirmed" : "planned";
        return order(slot.job, "scheduled", [visitAt(calendar, day, worker, slot, status)], note(0.08));
      });
  };

  const finished = past();
  const some = [
    ...finished,
    ...today(),
    twoDays(),
    ...overlap(),
    ...ofTheSick(),
    ...waiting(finished),
    ...held(),
    ...cancelled(),
    noAccess(),
  ];
  const all = [...some, ...ahead(DEMO_ORDERS - 1 - some.length)].sort((a, b) => a.bookedAt - b.bookedAt);
  return [...all.slice(0, THE_ORDER - 1), order42(), ...all.slice(THE_ORDER - 1)];
};

/** Late in the shift and never over yet: whenever the demo is made, A-42 still lies ahead. */
const slotOf42 = (calendar: Calendar): Slot => {
  const usual = calendar.shiftStart + 420;
  const ahead = Math.ceil((calendar.minuteNow + 30) / 30) * 30;
  return { start: Math.min(23 * 60, Math.max(usual, ahead)), minutes: 60 };
};
