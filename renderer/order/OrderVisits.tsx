/**
 * The visits of an order: when, who, how far. Each line opens what can be done with that visit.
 */
import { useTranslation } from "react-i18next";
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import type { VisitStatus } from "../../shared/domain/status.ts";
import { useDays, useToday, useVisitsOf } from "../hooks.ts";
import { setOneVisit, unassign } from "../state/commands.ts";
import { instant } from "../state/zone.ts";
import { Menu } from "../ui/Menu.tsx";
import type { MenuLine } from "../ui/MenuList.tsx";
import { type Mark, StatusMark } from "../ui/StatusMark.tsx";

const MARKS: Readonly<Record<VisitStatus, Mark>> = {
  planned: "planned",
  confirmed: "confirmed",
  dispatched: "dispatched",
  travelling: "travelling",
  working: "working",
  paused: "paused",
  done: "done",
  no_access: "cancelled",
  cancelled: "cancelled",
};

const STEPS: readonly VisitStatus[] = ["planned", "confirmed", "dispatched", "travelling", "working", "paused", "done", "no_access"];

const VisitRow = ({ visit }: { readonly visit: Visit }) => {
  const { t } = useTranslation();
  const { board, zone } = useDays();
  const today = useToday();
  const status = visit.status ?? "planned";
  const when = ((): string => {
    if (visit.plannedFrom === null) return t("visit.noTime");
    const day = zone.dateAt(visit.plannedFrom);
    const from = zone.time(visit.plannedFrom);
    const to = visit.plannedMinutes === null ? "" : ` – ${zone.time(instant(visit.plannedFrom + visit.plannedMinutes * 60_000))}`;
    return `${day === today ? t("day.today") : zone.longDay(day)} ${from}${to}`;
  })();
  const who = visit.technicians
    .map((id) => board.get("technician", id)?.name ?? "")
    .filter((name) => name !== "")
    .join(", ");
  const lines: readonly MenuLine[] = [
    ...STEPS.map(
      (step): MenuLine => ({
        id: step,
        label: t(`visitStatus.${step}`),
        icon: <StatusMark mark={MARKS[step]} />,
        ...(step === status ? { side: t("ask.now") } : {}),
        run: () => setOneVisit(visit.id, step),
      }),
    ),
    { id: "unassign", label: t("action.unassign"), apart: true, run: () => unassign(visit.id) },
  ];
  return (
    <Menu
      label={t("visit.menu")}
      lines={lines}
      trigger={
        <button type="button" className="visit-row" data-visit-row={visit.id}>
          <StatusMark mark={MARKS[status]} />
          <span className="visit-when tabular">{when}</span>
          <span className="cut">{who === "" ? t("visit.nobody") : who}</span>
          <span className="visit-side">{visit.changedSinceDispatch === true ? t("hint.changed") : t(`visitStatus.${status}`)}</span>
        </button>
      }
    />
  );
};

export const OrderVisits = ({ order }: { readonly order: WorkOrder }) => {
  const { t } = useTranslation();
  const visits = useVisitsOf(order.id);
  if (visits.length === 0) return <p className="section-side">{t("visit.none")}</p>;
  return visits.map((visit) => <VisitRow key={visit.id} visit={visit} />);
};
