/**
 * Asks who does it: A, part of a name, Enter. A time may follow the name; without one the order's own window is taken.
 */
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Technician } from "../../shared/domain/records.ts";
import { useAll, useDays } from "../hooks.ts";
import { assign } from "../state/commands.ts";
import { type Ask, view } from "../state/view.ts";
import { TextField } from "../ui/Field.tsx";
import { Popover } from "../ui/Popover.tsx";
import { anchorOf, elementOfOrder } from "./anchor.ts";
import { readAssignment } from "./assign-options.ts";
import "./assign.css";

export const AssignFloat = ({ ask }: { readonly ask: Ask }) => {
  const { t } = useTranslation();
  const days = useDays();
  const technicians = useAll("technician");
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const listId = useId();
  const { board, zone } = days;
  const day = days.day();
  const reading = readAssignment(typed, technicians, day, days.today(), zone);
  const shown = reading.technicians;
  const at = Math.min(marked, shown.length - 1);
  const bounds = zone.bounds(day);
  const label = t(ask.kind === "visit" ? "ask.visit" : "ask.assign");
  const close = () => view.set({ ask: undefined });

  const visitsOn = (technician: Technician): number =>
    board
      .visitsNear(technician.id, bounds.from, bounds.to)
      .filter(
        (visit) =>
          visit.status !== "cancelled" && visit.plannedFrom !== null && visit.plannedFrom >= bounds.from && visit.plannedFrom < bounds.to,
      ).length;

  const choose = (technician: Technician | undefined) => {
    if (technician === undefined) return;
    close();
    assign(ask.orders, {
      technician: technician.id,
      add: reading.add,
      anew: ask.kind === "visit",
      ...(reading.at === undefined ? {} : { at: reading.at }),
    });
  };
  return (
    <Popover anchor={anchorOf(ask)} label={label} className="assign" onClose={close} returnFocus={() => elementOfOrder(ask.orders.at(-1))}>
      <TextField
        value={typed}
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown[at] === undefined ? undefined : `${listId}-${at}`}
        placeholder={t("ask.assignPlaceholder")}
        onText={(text) => {
          setTyped(text);
          setMarked(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setMarked(Math.max(0, Math.min(shown.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
          }
          if (event.key === "Enter") {
            event.preventDefault();
            choose(shown[at]);
          }
        }}
      />
      <ul id={listId} role="listbox" aria-label={label} className="assign-list">
        {shown.map((technician, index) => (
          // The keyboard acts on the field above; the pointer on the line.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={technician.id}
            id={`${listId}-${index}`}
            role="option"
            className="assign-line"
            aria-selected={index === at}
            ref={index === at ? (node) => node?.scrollIntoView({ block: "nearest" }) : undefined}
            onClick={() => choose(technician)}
          >
            <span className="cut">{technician.name}</span>
            <span className="assign-side">
              {[technician.team, t("ask.visits", { count: visitsOn(technician) })].filter((part) => part !== null).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
      <p className="assign-foot">
        {shown.length === 0
          ? t("ask.nobody")
          : reading.at === undefined
            ? t("ask.assignHow")
            : t("ask.assignAt", { time: zone.time(reading.at), day: zone.longDay(zone.dateAt(reading.at)) })}
      </p>
    </Popover>
  );
};
