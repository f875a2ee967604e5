/**
 * An order's fields, edited where they stand: Enter or leaving keeps, Esc takes back. There is no save button.
 */
import { useTranslation } from "react-i18next";
import type { WorkOrder } from "../../shared/domain/records.ts";
import { HOLD_REASONS, PRIORITIES } from "../../shared/domain/status.ts";
import { useDay, useDays, useRecord, useStore, useToday } from "../hooks.ts";
import { beyond } from "../state/desk.ts";
import { holdWords } from "../state/words.ts";
import { InlineField } from "../ui/Field.tsx";
import { PickField } from "../ui/PickField.tsx";
import { PriorityMark } from "../ui/PriorityMark.tsx";
import { Select } from "../ui/Select.tsx";
import { named } from "./draft.ts";
import { contactText, estimateText, windowText, write, writeEstimate, writeReference, writeTags, writeWindow } from "./edits.ts";
import { contactOptions, customerOptions, siteName, siteOptions } from "./pick-options.ts";

const KINDS = ["repair", "maintenance", "install", "inspection", "call_back", "quote"] as const;

export const OrderFields = ({ order }: { readonly order: WorkOrder }) => {
  const { t } = useTranslation();
  const { board, zone } = useDays();
  // What is fetched while something is typed is offered at once.
  useStore(beyond.state, (state) => state.found);
  const day = useDay();
  const today = useToday();
  const customer = useRecord("customer", order.customer);
  const site = useRecord("site", order.site);
  const contact = useRecord("contact", order.contact);
  const refer = (field: "customer" | "site" | "contact") => ({
    onPick: (option: { readonly id: string; readonly label: string }) => {
      const wanted = named(option.id, option.label);
      if (wanted !== undefined) writeReference(order, field, wanted);
    },
    onNew: (name: string) => writeReference(order, field, { kind: "new", name }),
    onClear: () => write(order, { [field]: null }),
  });
  return (
    <div className="form">
      {order.status === "on_hold" ? (
        <>
          <span className="form-label">{t("field.holdReason")}</span>
          <Select
            inline
            label={t("field.holdReason")}
            name="holdReason"
            value={HOLD_REASONS.find((reason) => reason === order.holdReason) ?? null}
            placeholder={holdWords(order.holdReason)}
            options={HOLD_REASONS.map((value) => ({ value, label: holdWords(value) }))}
            onChange={(holdReason) => write(order, { holdReason })}
          />
        </>
      ) : null}
      {order.status === "cancelled" ? (
        <>
          <span className="form-label">{t("field.cancelReason")}</span>
          <InlineField
            label={t("field.cancelReason")}
            name="cancelReason"
            value={order.cancelReason ?? ""}
            onCommit={(text) => void write(order, { cancelReason: text })}
          />
        </>
      ) : null}
      <span className="form-label">{t("field.priority")}</span>
      <Select
        inline
        label={t("field.priority")}
        name="priority"
        value={order.priority ?? "normal"}
        options={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`), icon: <PriorityMark priority={value} /> }))}
        onChange={(priority) => write(order, { priority })}
      />
      <span className="form-label">{t("field.promised")}</span>
      <div className="form-cell">
        <InlineField
          label={t("field.promised")}
          name="requestedFrom"
          value={windowText(order, today, zone)}
          placeholder={t("order.noWindow")}
          onCommit={(typed) => writeWindow(order, typed, day, today, zone)}
        />
      </div>
      <span className="form-label">{t("field.estimate")}</span>
      <div className="form-cell">
        <InlineField
          label={t("field.estimate")}
          name="estimatedMinutes"
          value={estimateText(order)}
          placeholder={t("order.none")}
          onCommit={(typed) => writeEstimate(order, typed)}
        />
      </div>
      <span className="form-label">{t("field.kind")}</span>
      <Select
        inline
        label={t("field.kind")}
        name="kind"
        value={KINDS.find((kind) => kind === order.kind) ?? null}
        placeholder={order.kind ?? t("order.none")}
        options={[{ value: null, label: t("order.none") }, ...KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))]}
        onChange={(kind) => write(order, { kind })}
      />
      <span className="form-label">{t("field.customer")}</span>
      <PickField
        inline
        label={t("field.customer")}
        name="customer"
        value={customer?.name ?? ""}
        placeholder={t("order.none")}
        onType={beyond.lookFor}
        options={(typed) => customerOptions(board, typed)}
        newLabel={(name) => t("order.makeCustomer", { name })}
        {...refer("customer")}
      />
      <span className="form-label">{t("field.site")}</span>
      <PickField
        inline
        label={t("field.site")}
        name="site"
        value={siteName(site)}
        placeholder={t("order.none")}
        onType={beyond.lookFor}
        options={(typed) => siteOptions(board, order.customer, typed)}
        newLabel={(name) => t("order.makeSite", { name })}
        {...refer("site")}
      />
      <span className="form-label">{t("field.contact")}</span>
      <PickField
        inline
        label={t("field.contact")}
        name="contact"
        value={contactText(contact)}
        placeholder={t("order.none")}
        onType={beyond.lookFor}
        options={(typed) => contactOptions(board, order.customer, typed)}
        newLabel={(name) => t("order.makeContact", { name })}
        {...refer("contact")}
      />
      <span className="form-label">{t("field.tags")}</span>
      <InlineField
        label={t("field.tags")}
        name="tags"
        value={order.tags.join(", ")}
        placeholder={t("order.noTags")}
        onCommit={(typed) => writeTags(order, typed)}
      />
    </div>
  );
};
