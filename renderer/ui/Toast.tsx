/**
 * Toasts: one sentence on what was done, with the way back. One at a time; a newer one takes the place of the last.
 */
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { onSaid, type SaidAction } from "../state/said.ts";
import { KeyHint } from "./KeyHint.tsx";
import "./Toast.css";

interface ToastData {
  readonly action: SaidAction | undefined;
}

const manager = Toast.createToastManager<ToastData>();

const SHOWN_MS = 6000;

const List = () => {
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
                action.run();
              }}
            >
              {action.label}
              {action.keys === undefined ? null : <KeyHint keys={action.keys} tone="ink" />}
            </button>
          )}
          <Toast.Close className="toast-close" aria-label={t("ui.close")}>
            <X size="1em" aria-hidden="true" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
};

export const Toasts = () => {
  useEffect(() => {
    let shown: string | undefined;
    return onSaid(({ words, action }) => {
      if (shown !== undefined) manager.close(shown);
      shown = manager.add({ title: words, timeout: SHOWN_MS, data: { action } });
    });
  }, []);
  return (
    <Toast.Provider toastManager={manager} limit={1}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
};
