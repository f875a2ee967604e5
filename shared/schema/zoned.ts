/**
 * Times with a zone, as they are stored: `2026-11-24T14:30:00+01:00[Europe/Berlin]`, local time, offset and zone, to the second. What
 * was agreed on is the local time: it stands when a zone's rules change, and the offset only tells the two hours apart that come twice.
 */
import { Temporal } from "temporal-polyfill";

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?\[[A-Za-z0-9_+/-]{1,64}\]$/;

/** In the form that is stored; undefined for what is no local time in a zone that this machine knows. Without an offset the earlier is meant. */
export const parseZoned = (text: string): string | undefined => {
  if (!FORM.test(text)) return undefined;
  try {
    const zoned = Temporal.ZonedDateTime.from(text, { offset: "prefer", disambiguation: "earlier", overflow: "reject" });
    return zoned.toString({ smallestUnit: "second" });
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such day, or no zone that is known here
    throw error;
  }
};
