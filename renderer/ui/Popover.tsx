/**
 * A small float beside an element or point: asks one thing (a technician, a reason). Esc and a click elsewhere close it.
 */
import { Popover as Primitive } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { floats } from "./floats.ts";
import type { Anchor } from "./Menu.tsx";
import "./Popup.css";

export interface PopoverProps {
  readonly anchor: Anchor;
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  readonly returnFocus?: () => HTMLElement | null;
}

export const Popover = ({ anchor, label, className, children, onClose, returnFocus }: PopoverProps) => (
  <Primitive.Root open modal={false} onOpenChange={(open) => (open ? undefined : onClose())}>
    <Primitive.Portal container={floats()}>
      <Primitive.Positioner className="popup-layer" anchor={anchor} side="bottom" align="start" sideOffset={4}>
        <Primitive.Popup
          className={className ? `popup ${className}` : "popup"}
          aria-label={label}
          finalFocus={returnFocus === undefined ? true : () => returnFocus() ?? true}
        >
          {children}
        </Primitive.Popup>
      </Primitive.Positioner>
    </Primitive.Portal>
  </Primitive.Root>
);
