/**
 * Menus: lines of verbs with their keys. `Menu` opens from its own button, `AnchoredMenu` beside any element or point
 * and is controlled. With `letters`, the letter of a line runs it at once (S, then the letter).
 */
import { Menu as Primitive } from "@base-ui/react/menu";
import type { KeyboardEvent, ReactElement, ReactNode } from "react";
import { KeyHint } from "./KeyHint.tsx";
import "./Popup.css";

export interface MenuLine {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly side?: string;
  readonly disabled?: boolean;
  /** A hairline stands above this line. */
  readonly apart?: boolean;
  readonly run: () => void;
}

export interface Anchor {
  readonly getBoundingClientRect: () => DOMRect;
}

const Lines = ({ caption, lines }: { readonly caption?: string | undefined; readonly lines: readonly MenuLine[] }) => (
  <>
    {caption === undefined ? null : <div className="menu-caption">{caption}</div>}
    {lines.map((line) => [
      line.apart === true ? <Primitive.Separator key={`${line.id}-line`} className="menu-line" /> : null,
      <Primitive.Item key={line.id} className="menu-item" data-line={line.id} disabled={line.disabled === true} onClick={line.run}>
        {line.icon}
        <span className="menu-item-label">{line.label}</span>
        {line.side === undefined ? null : <span className="menu-item-side">{line.side}</span>}
        {line.keys === undefined ? null : <KeyHint keys={line.keys} />}
      </Primitive.Item>,
    ])}
  </>
);

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly lines: readonly MenuLine[];
  readonly align?: "start" | "end";
}

export const Menu = ({ trigger, label, lines, align = "start" }: MenuProps) => (
  <Primitive.Root modal={false}>
    <Primitive.Trigger render={trigger} />
    <Primitive.Portal>
      <Primitive.Positioner className="popup-layer" sideOffset={4} align={align}>
        <Primitive.Popup className="popup menu" aria-label={label}>
          <Lines lines={lines} />
        </Primitive.Popup>
      </Primitive.Positioner>
    </Primitive.Portal>
  </Primitive.Root>
);

export interface AnchoredMenuProps {
  readonly anchor: Anchor;
  readonly label: string;
  readonly caption?: string;
  readonly lines: readonly MenuLine[];
  /** The letter of a line runs it at once. */
  readonly letters?: boolean;
  readonly side?: "bottom" | "right";
  readonly onClose: () => void;
  /** Where the focus goes when the menu closes without another taking it. */
  readonly returnFocus?: () => HTMLElement | null;
}

export const AnchoredMenu = ({
  anchor,
  label,
  caption,
  lines,
  letters = false,
  side = "bottom",
  onClose,
  returnFocus,
}: AnchoredMenuProps) => {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!letters || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const line = lines.find((candidate) => candidate.keys?.toLowerCase() === event.key.toLowerCase() && candidate.disabled !== true);
    event.preventDefault();
    event.stopPropagation();
    if (line === undefined) return;
    onClose();
    line.run();
  };
  return (
    <Primitive.Root open modal={false} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Primitive.Portal>
        <Primitive.Positioner className="popup-layer" anchor={anchor} side={side} align="start" sideOffset={4}>
          <Primitive.Popup
            className="popup menu"
            aria-label={label}
            onKeyDownCapture={onKeyDown}
            finalFocus={returnFocus === undefined ? true : () => returnFocus() ?? true}
          >
            <Lines caption={caption} lines={lines} />
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
};
