/**
 * Who is meant by what is typed when assigning: `meier`, `meier 14:30`, `+ortega`. Pure.
 */
import type { Technician } from "../../shared/domain/records.ts";
import type { EpochMs } from "../../shared/ids.ts";
import { fold } from "../state/search.ts";
import { parseMoment } from "../state/typed-time.ts";
import type { DayText, Zone } from "../state/zone.ts";

export interface AssignReading {
  readonly technicians: readonly Technician[];
  readonly at: EpochMs | undefined;
  /** `+name`: beside those who are there, not instead. */
  readonly add: boolean;
}

const nameMatches = (technician: Technician, words: readonly string[]): boolean => {
  const name = fold(technician.name ?? "");
  const initials = name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .join("");
  return words.every((word) => name.split(/\s+/).some((part) => part.startsWith(word)) || initials === word);
};

/** A time stands last: the longest tail of the words that reads as one. */
export const readAssignment = (
  typed: string,
  technicians: readonly Technician[],
  day: DayText,
  today: DayText,
  zone: Zone,
): AssignReading => {
  const add = typed.trim().startsWith("+");
  const words = fold(typed.trim().replace(/^\+/, ""))
    .split(/\s+/)
    .filter((word) => word !== "");
  const active = technicians
    .filter((technician) => technician.active !== false)
    .toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  for (let cut = 0; cut <= words.length; cut++) {
    const tail = words.slice(cut).join(" ");
    const at = tail === "" || !/\d/.test(tail) ? undefined : parseMoment(tail, day, today, zone);
    if (at !== undefined) return { technicians: active.filter((each) => nameMatches(each, words.slice(0, cut))), at, add };
  }
  return { technicians: active.filter((each) => nameMatches(each, words)), at: undefined, add };
};
