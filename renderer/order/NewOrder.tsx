/**
 * A new order, booked while the caller talks: C, customer, Enter, title, Ctrl+Enter. The board stays usable beside it.
 */
import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PRIORITIES, type Priority } from "../../shared/domain/status.ts";
import { useDays, useStore, useView } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { undoAction } from "../state/commands.ts";
import { beyond } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { parseWindow } from "../state/typed-time.ts";
import { view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { PickField } from "../ui/PickField.tsx";
import { Segments } from "../ui/Segments.tsx";
import { createOrder, type Named, named } from "./draft.ts";
import { customerOptions, siteName, siteOptions, sitesOf } from "./pick-options.ts";
import "./order.css";

export const NewOrder = () => {
  const { t } = useTranslation();
  const days = useDays();
  const over = useView((state) => !state.wide);
  const { board, zone } = days;
  // What is fetched while something is typed is offered at once.
  useStore(beyond.state, (state) => state.found);
  const [customer, setCustomer] = useState<Named>();
  const [site, setSite] = useState<Named>();
  const [title, setTitle] = useState("");
  const [priority, setPriority] = useState<Priority>("normal");
  const [wanted, setWanted] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const titleField = useRef<HTMLInputElement>(null);
  const siteField = useRef<HTMLInputElement>(null);
  const day = days.day();
  const close = () => view.set({ creating: false });

  const chooseCustomer = (chosen: Named | undefined) => {
    setCustomer(chosen);
    const [only, ...others] = chosen?.kind === "known" ? sitesOf(board, chosen.id) : [];
    setSite(only !== undefined && others.length === 0 ? named(only.id, siteName(only)) : undefined);
    const next = chosen?.kind === "new" ? siteField : titleField;
    queueMicrotask(() => next.current?.focus());
  };
  const save = () => {
    if (isBusy) return;
    if (title.trim() === "") {
      setWrong(t("order.titleMissing"));
      titleField.current?.focus();
      return;
    }
    const window = parseWindow(wanted === "" ? "any time" : wanted, day, days.today(), zone);
    if (window === undefined) {
      setWrong(t("order.windowUnreadable"));
      return;
    }
    setBusy(true);
    createOrder({ customer, site, title: title.trim(), priority, window }).then(
      (written) => {
        const number = typeof written.record["number"] === "string" ? written.record["number"] : "";
        say(t("toast.created", { order: number }), { label: t("undo.undo"), keys: "Ctrl+Z", run: () => undoAction(written.action) });
        view.set({ creating: false, selected: [written.record.id] });
      },
      (error: unknown) => {
        setBusy(false);
        setWrong(adviceOf(error));
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  };
  return (
    // Keys of the whole form: Ctrl+Enter makes the order from any field.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="panel new-order" data-over={over ? "" : undefined} aria-label={t("order.new")} onKeyDown={onKeyDown}>
      <header className="panel-head">
        <h2 className="panel-title">{t("order.new")}</h2>
        <IconButton label={t("ui.close")} hint="Esc" onClick={close}>
          <X size="1.15em" aria-hidden="true" />
        </IconButton>
      </header>
      <div className="form">
        <span className="form-label">{t("field.customer")}</span>
        <PickField
          label={t("field.customer")}
          name="customer"
          autoFocus
          value={customer?.name ?? ""}
          placeholder={t("order.customerPlaceholder")}
          onType={beyond.lookFor}
          options={(typed) => (typed === "" ? [] : customerOptions(board, typed))}
          newLabel={(typed) => t("order.makeCustomer", { name: typed })}
          onPick={(option) => chooseCustomer(named(option.id, option.label))}
          onNew={(name) => chooseCustomer({ kind: "new", name })}
          onClear={() => chooseCustomer(undefined)}
        />
        <span className="form-label">{t("field.site")}</span>
        <PickField
          label={t("field.site")}
          name="site"
          inputRef={siteField}
          value={site?.name ?? ""}
          placeholder={t("order.sitePlaceholder")}
          onType={beyond.lookFor}
          options={(typed) => siteOptions(board, customer?.kind === "known" ? customer.id : null, typed)}
          newLabel={(typed) => t("order.makeSite", { name: typed })}
          onPick={(option) => {
            setSite(named(option.id, option.label));
            titleField.current?.focus();
          }}
          onNew={(name) => {
            setSite({ kind: "new", name });
            titleField.current?.focus();
          }}
          onClear={() => setSite(undefined)}
        />
        <span className="form-label">{t("field.title")}</span>
        <TextField
          ref={titleField}
          value={title}
          onText={setTitle}
          aria-label={t("field.title")}
          data-field="title"
          placeholder={t("order.titlePlaceholder")}
        />
        <span className="form-label">{t("field.priority")}</span>
        <div>
          <Segments
            label={t("field.priority")}
            value={priority}
            options={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
            onChange={setPriority}
          />
        </div>
        <span className="form-label">{t("field.promised")}</span>
        <TextField
          value={wanted}
          onText={setWanted}
          aria-label={t("field.promised")}
          data-field="requestedFrom"
          placeholder={t("order.windowPlaceholder", { day: zone.longDay(day) })}
        />
      </div>
      <p className="form-wrong" role="alert">
        {wrong}
      </p>
      <footer className="panel-foot">
        <Button kind="primary" hint="Ctrl+Enter" disabled={isBusy} onClick={save}>
          {t("order.create")}
        </Button>
        <Button hint="Esc" onClick={close}>
          {t("ui.cancel")}
        </Button>
      </footer>
    </section>
  );
};
