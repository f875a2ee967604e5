/**
 * Dates of files: Unicode date tokens, the hours that clocks repeat and skip, and which format a column is written in.
 */
import { describe, expect, it } from "vitest";
import { guessDateFormat } from "../../shared/domain/import/date-guess.ts";
import { compileDateFormat, type DateFormat } from "../../shared/domain/import/date-tokens.ts";
import { localTimesOf, shownTime } from "../../shared/domain/import/local-time.ts";

const format = (text: string): DateFormat => {
  const compiled = compileDateFormat(text);
  if ("reason" in compiled) throw new Error(compiled.reason);
  return compiled;
};
const read = (tokens: string, text: string) => format(tokens).parse(text);
const iso = (tokens: string, text: string, zone: string, edge: "start" | "end" = "start"): string => {
  const parts = read(tokens, text);
  const at = "reason" in parts ? parts : localTimesOf(zone)(parts, edge);
  return typeof at === "number" ? new Date(at).toISOString() : at.reason;
};

describe("date tokens", () => {
  it.each([
    ["dd.MM.yyyy", "01.02.2024", { year: 2024, month: 2, day: 1 }],
    ["dd.MM.yyyy", "1.2.2024", { year: 2024, month: 2, day: 1 }],
    ["MM/dd/yyyy hh:mm:ss a", "11/24/2026 12:05:00 AM", { year: 2026, month: 11, day: 24, time: { hour: 0, minute: 5, second: 0 } }],
    ["MM/dd/yyyy hh:mm:ss a", "11/24/2026 01:05:09 p.m.", { year: 2026, month: 11, day: 24, time: { hour: 13, minute: 5, second: 9 } }],
    ["yyyy-MM-dd HH:mm:ss", "2019-01-01 04:11:00", { year: 2019, month: 1, day: 1, time: { hour: 4, minute: 11, second: 0 } }],
    [
      "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
      "2019-01-01T04:11:00.493-05:00",
      { year: 2019, month: 1, day: 1, time: { hour: 4, minute: 11, second: 0 }, offsetMinutes: -300 },
    ],
    ["d. MMMM yyyy", "3. März 2026", { year: 2026, month: 3, day: 3 }],
    ["EEE, d MMM yyyy", "Tue, 24 Nov 2026", { year: 2026, month: 11, day: 24 }],
    ["dd/MM/yy", "24/11/26", { year: 2026, month: 11, day: 24 }],
    ["dd/MM/yy", "24/11/85", { year: 1985, month: 11, day: 24 }],
    ["yyyy-MM-dd 'um' HH 'Uhr'", "2026-11-24 um 9 Uhr", { year: 2026, month: 11, day: 24, time: { hour: 9, minute: 0, second: 0 } }],
    ["dd.MM.yyyy", "29.02.2024", { year: 2024, month: 2, day: 29 }],
  ])("%s reads %s", (tokens, text, parts) => {
    expect(read(tokens, text)).toEqual(parts);
  });

  it.each([
    ["MM/dd/yyyy", "31/02/2026", "there is no month 31; dates are read month first"],
    ["MM/dd/yyyy", "02/30/2026", "February 2026 has no day 30"],
    ["dd.MM.yyyy", "31.04.2026", "April has no day 31"],
    ["MM/dd/yyyy", "27.11.2026", "“27.11.2026” is not of the form MM/dd/yyyy"],
    ["yyyy-MM-dd HH:mm", "2026-11-24 24:10", "there is no time 24:10:00"],
    ["yyyy-MM-dd hh:mm a", "2026-11-24 13:10 PM", "there is no hour 13 of twelve"],
    ["d MMM yyyy", "3 Foo 2026", "there is no month “Foo”"],
  ])("%s refuses %s in words", (tokens, text, reason) => {
    expect(read(tokens, text)).toEqual({ reason });
  });

  it.each([
    ["dd.MM", "“dd.MM” lacks year, month or day"],
    ["dd.mm.yyyy", "“dd.mm.yyyy” lacks year, month or day"],
    ["yyyy-MM-dd QQ", "“QQ” in “yyyy-MM-dd QQ” is no part of a date (MM is the month, mm the minute)"],
    ["yyyy-MM-dd dd", "“yyyy-MM-dd dd” has day twice"],
  ])("%s is refused as a format", (tokens, reason) => {
    expect(compileDateFormat(tokens)).toEqual({ reason });
  });
});

describe("local times", () => {
  it("of an hour that comes twice mean the earlier", () => {
    expect(iso("yyyy-MM-dd HH:mm", "2026-10-25 02:30", "Europe/Zurich")).toBe("2026-10-25T00:30:00.000Z");
    expect(iso("yyyy-MM-dd HH:mm", "2026-11-01 01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  });

  it("of an hour that was skipped are refused", () => {
    expect(iso("yyyy-MM-dd HH:mm", "2026-03-29 02:30", "Europe/Zurich")).toBe("the clocks of Europe/Zurich skipped 02:30 on 2026-03-29");
  });

  it("with an offset need no zone", () => {
    expect(iso("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-29T02:30:00+01:00", "Europe/Zurich")).toBe("2026-03-29T01:30:00.000Z");
    expect(iso("yyyy-MM-dd'T'HH:mm:ssXXX", "2026-03-29T02:30:00Z", "Europe/Zurich")).toBe("2026-03-29T02:30:00.000Z");
  });

  it("without a time are the start or the last minute of their day", () => {
    expect(iso("dd.MM.yyyy", "25.10.2026", "Europe/Zurich")).toBe("2026-10-24T22:00:00.000Z");
    expect(iso("dd.MM.yyyy", "25.10.2026", "Europe/Zurich", "end")).toBe("2026-10-25T22:59:00.000Z");
  });

  it("are shown as they were read", () => {
    const at = localTimesOf("America/New_York")({ year: 2026, month: 11, day: 24, time: { hour: 14, minute: 30, second: 0 } }, "start");
    expect(typeof at === "number" ? shownTime(at, "America/New_York") : "").toBe("2026-11-24 14:30");
  });
});

describe("the format of a column", () => {
  it.each([
    [["2019-01-01 04:11:00", "2019-12-31 23:59:59"], "America/New_York", "yyyy-MM-dd HH:mm:ss"],
    [["16.06.2025", "01.01.2024"], "Europe/Zurich", "dd.MM.yyyy"],
    [["01/02/2026", "03/04/2026"], "America/New_York", "MM/dd/yyyy"],
    [["01/02/2026", "03/04/2026"], "Europe/London", "dd/MM/yyyy"],
    [["01/02/2026", "13/04/2026"], "America/New_York", "dd/MM/yyyy"],
    [["01/02/2026", "03/24/2026"], "Europe/London", "MM/dd/yyyy"],
    [["11/24/2026 01:05:00 PM"], "America/Chicago", "MM/dd/yyyy hh:mm:ss a"],
    [["11/27/2026", "27.11.2026", "12/01/2026", ""], "UTC", "MM/dd/yyyy"],
    [["2026-03-29T02:30:00Z"], "UTC", "yyyy-MM-dd'T'HH:mm:ssXXX"],
  ])("of %j in %s is %s", (values, zone, expected) => {
    expect(guessDateFormat(values, zone)?.format).toBe(expected);
  });

  it("is none for what is no date", () => {
    expect(guessDateFormat(["Foundry Lane", "12/2026", ""], "UTC")).toBeUndefined();
    expect(guessDateFormat(["", " "], "UTC")).toBeUndefined();
  });
});
