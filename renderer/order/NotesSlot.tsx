/**
 * A text of an order (notes, description), edited where it stands by whoever has it open. The editor is loaded ahead (`loadNotesAhead`)
 * or when it is first needed; until it has the text, a plain field stands in its place, so that what is typed right after N is kept.
 */
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useDesk } from "../hooks.ts";
import { refused, tell } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import type { OpenAt } from "../state/view.ts";
import type { Early } from "./notes/NoteEditor.tsx";

const loadNoteEditor = () => import("./notes/NoteEditor.tsx");

const NoteEditor = lazy(loadNoteEditor);

const AHEAD_MS = 1000;

/** Loads what N needs, once there is nothing else to do. What can't be loaded now is asked for again when it is needed. */
export const loadNotesAhead = (): void => {
  const load = (): void => void loadNoteEditor().catch(() => undefined);
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in window) window.requestIdleCallback(load);
  else setTimeout(load, AHEAD_MS);
};

export interface NotesSlotProps {
  readonly order: RecordId;
  readonly field: "notes" | "description";
  /** The person pressed N: the field is to take the focus, each time anew. */
  readonly focus: OpenAt | undefined;
}

export const NotesSlot = ({ order, field, focus }: NotesSlotProps) => {
  const { t } = useTranslation();
  const host = useDesk((state) => state.carrier?.host);
  const isViewer = useDesk((state) => state.info?.role === "viewer");
  const [isReady, setReady] = useState(false);
  const early = useRef<HTMLTextAreaElement>(null);
  const typed = useRef("");
  const label = t(`field.${field}`);

  // Before it is painted, and once more after a menu that closes has given the focus back to its card.
  useLayoutEffect(() => {
    if (focus === undefined) return undefined;
    const take = () => early.current?.focus();
    take();
    const timer = setTimeout(take);
    return () => clearTimeout(timer);
  }, [focus]);

  const ready = useCallback((): Early => {
    const taken = { text: typed.current, hasFocus: early.current !== null && early.current === document.activeElement };
    typed.current = "";
    // At once: between the two places no key may find neither.
    flushSync(() => setReady(true));
    return taken;
  }, []);

  // Typed, and left before the editor had the text (its host was away, say): kept all the same, or said why not.
  useEffect(
    () => () => {
      const text = typed.current;
      typed.current = "";
      if (text !== "" && field === "notes") call("order.note", { order, text }).then((written) => tell(written), refused);
    },
    [order, field],
  );

  if (host === undefined) return null;
  return (
    <>
      {isReady ? null : (
        <textarea
          ref={early}
          className="field note-frame"
          rows={2}
          aria-label={label}
          aria-busy="true"
          readOnly={isViewer}
          onInput={(event) => {
            typed.current = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.blur();
          }}
        />
      )}
      <Suspense>
        <NoteEditor
          host={host}
          record={order}
          field={field}
          label={label}
          placeholder={t(field === "notes" ? "order.addNote" : "order.addDescription")}
          focus={focus}
          readOnly={isViewer}
          isShown={isReady}
          ready={ready}
        />
      </Suspense>
    </>
  );
};
