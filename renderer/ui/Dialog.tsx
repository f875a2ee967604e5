/**
 * A dialog that the user opened (never one that interrupts). Esc and a click beside it close it; the focus goes back.
 */
import { Dialog as Primitive } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { floats } from "./floats.ts";
import { IconButton } from "./IconButton.tsx";
import "./Popup.css";
import "./Dialog.css";

export interface DialogProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export const Dialog = ({ title, wide = false, actions, children, onClose }: DialogProps) => {
  const { t } = useTranslation();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Primitive.Portal container={floats()}>
        <Primitive.Backdrop className="dialog-shade" />
        <Primitive.Popup ref={popup} initialFocus={popup} className="popup dialog" data-wide={wide ? "" : undefined}>
          <header className="dialog-head">
            <Primitive.Title className="dialog-title">{title}</Primitive.Title>
            <Primitive.Close render={<IconButton label={t("ui.close")} hint="Esc" />}>
              <X size="1em" aria-hidden="true" />
            </Primitive.Close>
          </header>
          <div className="dialog-body">{children}</div>
          {actions === undefined ? null : <footer className="dialog-actions">{actions}</footer>}
        </Primitive.Popup>
      </Primitive.Portal>
    </Primitive.Root>
  );
};
