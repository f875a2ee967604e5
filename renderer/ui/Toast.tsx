/**
 * Toasts: one sentence on what was done, with the way back. One at a time; a newer one takes the place of the last, and a newer
 * action without a sentence takes the last way back away.
 */
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { onSaid, type SaidAction } from "../state/said.ts";
import { KeyHint } from "./KeyHint.tsx";
import "./Toast.css";

interface ToastData {
  readonly action: SaidAction | undefined;
}

const manager = Toast.createToastManager<ToastData>();

const SHOWN_MS = 6000;
/** What is written so soon after a sentence belongs to the same gesture (visits of several orders, say), not to a newer one. */
const SAME_GESTURE_MS = 300;

const List = ({ leave }: { readonly leave: () => void }) => {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<ToastData>();
  return toasts.map((toast) => {
    const action = toast.data?.action;
    return (
      <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection={[]}>
        <Toast.Content className="toast-content">
          <Toast.Title render={<span />} />
          {action === undefined ? null : (
            <button
              type="button"
              className="toast-action"
              onClick={() => {
                close(toast.id);
                leave();
                action.run();
              }}
            >
              {action.label}
              {action.keys === undefined ? null : <KeyHint keys={action.keys} tone="ink" />}
            </button>
          )}
          <Toast.Close className="toast-close" aria-label={t("ui.close")} onClick={leave}>
            <X size="1em" aria-hidden="true" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
};

export const Toasts = () => {
  const viewport = useRef<HTMLDivElement>(null);
  /** What had the focus before a toast took it, and has it again when the toast goes. */
  const before = useRef<HTMLElement>(null);

  useEffect(() => {
    let shown: string | undefined;
    let hasWayBack = false;
    let saidAt = 0;
    return onSaid((said) => {
      if (said === undefined && (!hasWayBack || performance.now() - saidAt < SAME_GESTURE_MS)) return;
      if (shown !== undefined) manager.close(shown);
      shown = said === undefined ? undefined : manager.add({ title: said.words, timeout: SHOWN_MS, data: { action: said.action } });
      hasWayBack = said?.action !== undefined;
      saidAt = performance.now();
    });
  }, []);

  const leave = () => {
    if (viewport.current?.contains(document.activeElement) === true) before.current?.focus({ preventScroll: true });
  };
  return (
    <Toast.Provider toastManager={manager} limit={1}>
      <Toast.Portal>
        <Toast.Viewport
          ref={viewport}
          className="toasts"
          onFocus={({ currentTarget, relatedTarget }) => {
            if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget)) before.current = relatedTarget;
          }}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === "Escape") leave();
          }}
        >
          <List leave={leave} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
};
