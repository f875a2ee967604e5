/**
 * The lines of a menu: arrows walk, Enter runs, with `letters` the letter of a line runs it at once. What floats around it
 * belongs to the caller.
 */
import { Fragment, type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import { KeyHint } from "./KeyHint.tsx";

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

export interface MenuListProps {
  readonly label: string;
  readonly caption?: string | undefined;
  readonly lines: readonly MenuLine[];
  readonly letters: boolean;
  /** Closes the float; the line runs after it, so that it may open another one. */
  readonly onClose: () => void;
}

const itemsOf = (list: HTMLElement | null): readonly HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)") ?? []),
];

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => (at >= last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

export const MenuList = ({ label, caption, lines, letters, onClose }: MenuListProps) => {
  const list = useRef<HTMLDivElement>(null);
  // Before the float is placed: a letter typed right after the key that opened it is meant for a line, not for the board.
  useLayoutEffect(() => {
    if (letters) itemsOf(list.current)[0]?.focus({ preventScroll: true });
  }, [letters]);
  const take = (line: MenuLine) => {
    onClose();
    line.run();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const items = itemsOf(event.currentTarget);
      const at = items.findIndex((item) => item === document.activeElement);
      items[step(at, items.length - 1)]?.focus();
      return;
    }
    const pressed = event.key === "Delete" ? "del" : event.key.toLowerCase();
    if (!letters || (pressed.length !== 1 && pressed !== "del") || pressed === " ") return;
    event.preventDefault();
    event.stopPropagation();
    const line = lines.find((candidate) => candidate.keys?.toLowerCase() === pressed && candidate.disabled !== true);
    if (line !== undefined) take(line);
  };
  return (
    <>
      {caption === undefined ? null : <div className="menu-caption">{caption}</div>}
      <div ref={list} role="menu" tabIndex={-1} aria-label={label} className="menu-lines" onKeyDown={onKeyDown}>
        {lines.map((line) => (
          <Fragment key={line.id}>
            {line.apart === true ? <div className="menu-line" role="presentation" /> : null}
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="menu-item"
              data-line={line.id}
              disabled={line.disabled === true}
              onClick={() => take(line)}
              onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
            >
              {line.icon}
              <span className="menu-item-label">{line.label}</span>
              {line.side === undefined ? null : <span className="menu-item-side">{line.side}</span>}
              {line.keys === undefined ? null : <KeyHint keys={line.keys} />}
            </button>
          </Fragment>
        ))}
      </div>
    </>
  );
};
