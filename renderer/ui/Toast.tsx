/**
 * Toasts: one sentence on what was done, with the way back. `say` works from anywhere, also outside React.
 */
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { KeyHint } from "./KeyHint.tsx";
import "./Toast.css";

interface ToastData {
  readonly action?: { readonly label: string; readonly keys?: string; readonly run: () => void };
}

const manager = Toast.createToastManager<ToastData>();

const SECONDS_SHOWN = 6;

/** Shows a sentence for some seconds; `action` is the way back ("Undo"). A newer one replaces it. */
export const say = (words: string, action?: ToastData["action"]): void => {
  manager.close("said");
  manager.add({ id: "said", title: words, timeout: SECONDS_SHOWN * 1000, data: action === undefined ? {} : { action } });
};

const List = () => {
  const { t } = useTranslation();
  const { toasts, close } = Toast.useToastManager<ToastData>();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Content className="toast-content">
        <Toast.Title render={<span />} />
        {toast.data?.action === undefined ? null : (
          <button
            type="button"
            className="toast-action"
            onClick={() => {
              toast.data?.action?.run();
              close(toast.id);
            }}
          >
            {toast.data.action.label}
            {toast.data.action.keys === undefined ? null : <KeyHint keys={toast.data.action.keys} tone="ink" />}
          </button>
        )}
        <Toast.Close className="toast-close" aria-label={t("ui.close")}>
          <X size="1em" aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
};

export const Toasts = () => (
  <Toast.Provider toastManager={manager} limit={1}>
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        <List />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);
