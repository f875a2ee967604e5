/**
 * The notes of an order: what stands, and a field that appends a paragraph. Ctrl+Enter keeps it.
 */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useDays } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { Button } from "../ui/Button.tsx";

export interface NotesSlotProps {
  readonly order: RecordId;
  /** The person pressed N: the field wants the focus. */
  readonly focus: boolean;
}

export const NotesSlot = ({ order, focus }: NotesSlotProps) => {
  const { t } = useTranslation();
  const { board } = useDays();
  const [text, setText] = useState("");
  const [draft, setDraft] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    let isCurrent = true;
    const read = () => {
      call("order.get", { order }).then(
        (record) => {
          if (isCurrent) setText(typeof record["notes"] === "string" ? record["notes"] : "");
        },
        (error: unknown) => say(adviceOf(error)),
      );
    };
    read();
    const stop = board.onRecord(order, read);
    return () => {
      isCurrent = false;
      stop();
    };
  }, [order, board]);

  useEffect(() => {
    if (focus) field.current?.focus();
  }, [focus]);

  const keep = () => {
    if (draft.trim() === "") return;
    call("order.note", { order, text: draft.trim() }).then(
      (written) => {
        setDraft("");
        if (typeof written.record["notes"] === "string") setText(written.record["notes"]);
      },
      (error: unknown) => say(adviceOf(error)),
    );
  };
  return (
    <div className="note-add">
      {text === "" ? null : <p className="note-text">{text}</p>}
      <textarea
        ref={field}
        className="field"
        rows={2}
        aria-label={t("order.addNote")}
        placeholder={t("order.addNote")}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            keep();
          }
          if (event.key === "Escape") {
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
      />
      {draft.trim() === "" ? null : (
        <div>
          <Button hint="Ctrl+Enter" onClick={keep}>
            {t("order.keepNote")}
          </Button>
        </div>
      )}
    </div>
  );
};
