/**
 * Menus: lines of verbs with their keys. `Menu` opens from its own button, `AnchoredMenu` beside any element or point and is
 * controlled. Both are popovers around a `MenuList`.
 */
import { Popover as Primitive } from "@base-ui/react/popover";
import { type ReactElement, useRef, useState } from "react";
import { floats } from "./floats.ts";
import { type MenuLine, MenuList } from "./MenuList.tsx";
import "./Popup.css";

export interface Anchor {
  readonly getBoundingClientRect: () => DOMRect;
}

const firstLine = (popup: HTMLElement | null): HTMLElement | boolean =>
  popup?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)") ?? true;

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly lines: readonly MenuLine[];
  readonly align?: "start" | "end";
}

export const Menu = ({ trigger, label, lines, align = "start" }: MenuProps) => {
  const [open, setOpen] = useState(false);
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open={open} onOpenChange={setOpen}>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal container={floats()}>
        <Primitive.Positioner className="popup-layer" sideOffset={4} align={align}>
          <Primitive.Popup ref={popup} className="popup menu" aria-label={label} initialFocus={() => firstLine(popup.current)}>
            <MenuList label={label} lines={lines} letters={false} onClose={() => setOpen(false)} />
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
};

export interface AnchoredMenuProps {
  readonly anchor: Anchor;
  readonly label: string;
  readonly caption?: string;
  readonly lines: readonly MenuLine[];
  /** The letter of a line runs it at once. */
  readonly letters?: boolean;
  readonly onClose: () => void;
  /** Where the focus goes when the menu closes; false: what the chosen line opened has it. */
  readonly returnFocus: () => HTMLElement | null | false;
}

export const AnchoredMenu = ({ anchor, label, caption, lines, letters = false, onClose, returnFocus }: AnchoredMenuProps) => {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Primitive.Portal container={floats()}>
        <Primitive.Positioner className="popup-layer" anchor={anchor} side="bottom" align="start" sideOffset={4}>
          <Primitive.Popup
            ref={popup}
            className="popup menu"
            aria-label={label}
            initialFocus={() => firstLine(popup.current)}
            finalFocus={() => returnFocus() ?? true}
          >
            <MenuList label={label} caption={caption} lines={lines} letters={letters} onClose={onClose} />
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
};
