/** The command that removes for good what lies in the trash and is deleted everywhere, or says what would go and what waits for whom. */
import type { PurgeReport } from "../../shared/ipc/answers.ts";
import { integerOption, unusable } from "./arguments.ts";
import type { RequestCommand } from "./command.ts";
import { count, tableText } from "./print.ts";

const whyOf = ({ reason, until, desks }: PurgeReport["waits"][number]): string => {
  if (reason === "waits") return `waits for ${desks.map(({ name }) => name).join(", ")}`;
  if (reason === "recent") return `in the trash until ${until === null ? "later" : new Date(until).toISOString()}`;
  return "has not come whole yet";
};

const textOf = ({ purged, goes, waits, away }: PurgeReport, dryRun: boolean): string => {
  const first = dryRun ? `${count(goes.length, "record")} would go for good` : `${count(purged, "record")} went for good`;
  const rows = [
    ...goes.map(({ collection, name }) => [collection, name, dryRun ? "would go" : "gone"]),
    ...waits.map((line) => [line.collection, line.name, whyOf(line)]),
  ];
  const notWaited = away.length === 0 ? "" : `\nnot waited for: ${away.map(({ name }) => name).join(", ")}`;
  return `${first}, ${count(waits.length, "record")} stay${waits.length === 1 ? "s" : ""}${notWaited}${rows.length === 0 ? "" : `\n\n${tableText(["what", "name", "state"], rows)}`}`;
};

export const purgeCommand: RequestCommand = {
  kind: "request",
  name: "purge",
  need: "store",
  synopsis: "",
  about:
    "Removes for good what was deleted at least 30 days ago, once every other desk is known to hold it as deleted. Happens by itself now and then; this does it now.",
  options: [
    { name: "dry-run", about: "only says what would go now, and what waits for which desk" },
    { name: "days", value: "N", about: "how long a record stays in the trash at least (30 if not given)" },
    {
      name: "without",
      value: "DESK",
      about: "do not wait for this desk, which is lost or away for long (admins only): if it comes back, it takes a fresh copy",
    },
  ],
  takes: [0, 0],
  prepare: (words) => {
    const dryRun = words.options.has("dry-run");
    const days = integerOption(words, "days", 0, 36_500);
    const without = words.options.get("without");
    if (dryRun && without !== undefined) throw unusable("A dry run changes nothing, so it takes no --without.");
    return async (host) => {
      const report = await host.call("trash.purge", {
        dryRun,
        ...(days === undefined ? {} : { days }),
        ...(without === undefined ? {} : { without }),
      });
      return { json: report, text: textOf(report, dryRun) };
    };
  },
};
