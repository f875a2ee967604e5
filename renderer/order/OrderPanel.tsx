/**
 * One order beside the board: what it is, what can be done, its fields, notes, visits and history. Changes of others appear
 * as they come; a field that is being edited keeps its draft.
 */
import { Copy, Ellipsis, X } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { RecordId } from "../../shared/ids.ts";
import { useCard, useDays, useDesk, useRecord, useView, useVisitsOf } from "../hooks.ts";
import { deleteOrders, setOneVisit, visitMeant } from "../state/commands.ts";
import { say } from "../state/said.ts";
import { type Ask, view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { InlineField } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { Menu } from "../ui/Menu.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";
import { tick, writeTitle } from "./edits.ts";
import { NotesSlot } from "./NotesSlot.tsx";
import { OrderFields } from "./OrderFields.tsx";
import { OrderHistory } from "./OrderHistory.tsx";
import { OrderVisits } from "./OrderVisits.tsx";
import { siteName } from "./pick-options.ts";
import "./order.css";

const close = () => view.set({ open: undefined, openAt: undefined });

const Checklist = ({ order }: { readonly order: WorkOrder }) => {
  const { t } = useTranslation();
  const name = useDesk((state) => state.info?.deviceName ?? "");
  const { zone } = useDays();
  if (order.checklist.length === 0) return null;
  const done = order.checklist.filter((item) => item.doneAt !== null).length;
  return (
    <section className="panel-section">
      <div className="section-head">
        <h3>{t("order.checklist")}</h3>
        <span className="section-side">{t("order.checklistDone", { done, count: order.checklist.length })}</span>
      </div>
      {order.checklist.map((item) => (
        <label key={item.id} className="check-row">
          <input type="checkbox" checked={item.doneAt !== null} onChange={(event) => tick(order, item.id, event.target.checked, name)} />
          <span className="cut">{item.label}</span>
          <span className="check-side">
            {item.doneAt === null ? (item.required === true ? t("order.required") : "") : `${item.doneBy ?? ""} ${zone.time(item.doneAt)}`}
          </span>
        </label>
      ))}
    </section>
  );
};

const Actions = ({ order }: { readonly order: WorkOrder }) => {
  const { t } = useTranslation();
  const visits = useVisitsOf(order.id);
  const ask = (kind: Ask["kind"]) => () => view.set({ ask: { kind, orders: [order.id] }, selected: [order.id] });
  const visit = visitMeant(order.id);
  const status = visits.find((each) => each.id === visit)?.status;
  const canDispatch = visit !== undefined && (status === "planned" || status === "confirmed");
  return (
    <div className="panel-actions">
      {canDispatch ? (
        <Button kind="primary" hint="D" onClick={() => setOneVisit(visit, "dispatched")}>
          {t("action.dispatch")}
        </Button>
      ) : null}
      <Button kind={canDispatch ? "rest" : "primary"} hint="A" onClick={ask("assign")}>
        {t("action.assign")}
      </Button>
      <Button hint="S" onClick={ask("status")}>
        {t("action.status")}
      </Button>
      <Button hint="H" onClick={ask("hold")}>
        {t("action.hold")}
      </Button>
    </div>
  );
};

const PanelBody = ({ id }: { readonly id: RecordId }) => {
  const { t } = useTranslation();
  const { board } = useDays();
  const order = useRecord("workOrder", id);
  const card = useCard(id);
  const visits = useVisitsOf(id);
  const at = useView((state) => state.openAt);
  const focusRef = useRef<HTMLDivElement>(null);
  const isThere = order !== undefined && card !== undefined;

  // Before it is painted: what is typed next is meant for the field. An order that is still being fetched has none yet.
  useLayoutEffect(() => {
    if (isThere && (at?.part === "title" || at?.part === "tags"))
      focusRef.current?.querySelector<HTMLElement>(`[data-field=${at.part}]`)?.focus();
  }, [at, isThere]);

  if (order === undefined || card === undefined) {
    return (
      <EmptyState title={t("order.gone")} words={t("order.goneWords")}>
        <Button onClick={() => view.set({ view: "trash", open: undefined })}>{t("view.trash")}</Button>
        <Button hint="Esc" onClick={close}>
          {t("ui.close")}
        </Button>
      </EmptyState>
    );
  }
  const who = [board.get("customer", order.customer)?.name ?? "", siteName(board.get("site", order.site))]
    .filter((part) => part !== "")
    .join(" · ");
  const number = order.number ?? t("order.unnumbered");
  return (
    <>
      <header className="panel-head">
        <Button
          kind="plain"
          className="panel-status"
          aria-label={t("order.statusIs", { status: t(`status.${card.status}`) })}
          onClick={() => view.set({ ask: { kind: "status", orders: [id] }, selected: [id] })}
        >
          <span className="card-line">
            <StatusMark mark={card.mark} /> {t(`status.${card.status}`)}
          </span>
        </Button>
        <OrderNumber number={number} />
        <IconButton
          label={t("order.copyNumber")}
          onClick={() => {
            navigator.clipboard.writeText(number).then(
              () => say(t("order.copied", { number })),
              () => say(t("order.notCopied")),
            );
          }}
        >
          <Copy size="1em" strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
        <span style={{ marginInlineStart: "auto" }} />
        <Menu
          label={t("order.more")}
          align="end"
          trigger={
            <IconButton label={t("order.more")}>
              <Ellipsis size="1.15em" aria-hidden="true" />
            </IconButton>
          }
          lines={[
            {
              id: "priority",
              label: t("action.priority"),
              keys: "P",
              run: () => view.set({ ask: { kind: "priority", orders: [id] }, selected: [id] }),
            },
            {
              id: "cancel",
              label: t("action.cancel"),
              keys: "Del",
              run: () => view.set({ ask: { kind: "cancel", orders: [id] }, selected: [id] }),
            },
            { id: "delete", label: t("action.delete"), apart: true, run: () => deleteOrders([id]) },
          ]}
        />
        <IconButton label={t("ui.close")} hint="Esc" onClick={close}>
          <X size="1.15em" aria-hidden="true" />
        </IconButton>
      </header>
      <div className="panel-scroll" ref={focusRef}>
        <div className="panel-top">
          <InlineField
            label={t("field.title")}
            name="title"
            className="title-field"
            value={order.title ?? ""}
            placeholder={t("order.untitled")}
            onCommit={(text) => writeTitle(order, text)}
          />
          <p className="panel-who cut">{who}</p>
          <Actions order={order} />
        </div>
        <section className="panel-section">
          <OrderFields order={order} />
        </section>
        <section className="panel-section">
          <div className="section-head">
            <h3>{t("field.description")}</h3>
          </div>
          <NotesSlot key={id} order={id} field="description" focus={undefined} />
        </section>
        <Checklist order={order} />
        <section className="panel-section">
          <div className="section-head">
            <h3>{t("field.notes")}</h3>
            <KeyHint keys="N" />
          </div>
          <NotesSlot key={id} order={id} field="notes" focus={at?.part === "notes" ? at : undefined} />
        </section>
        <section className="panel-section">
          <div className="section-head">
            <h3>{t("order.visits")}</h3>
            <span className="section-side tabular">{visits.length}</span>
          </div>
          <OrderVisits order={order} />
        </section>
        <section className="panel-section">
          <div className="section-head">
            <h3>{t("order.history")}</h3>
            <KeyHint keys="Ctrl+H" />
          </div>
          <OrderHistory order={order} focus={at?.part === "history" ? at : undefined} />
        </section>
      </div>
    </>
  );
};

export const OrderPanel = ({ id }: { readonly id: RecordId }) => {
  const { t } = useTranslation();
  const over = useView((state) => !state.wide);
  return (
    <aside className="panel" data-over={over ? "" : undefined} aria-label={t("order.panel")}>
      <PanelBody key={id} id={id} />
    </aside>
  );
};
