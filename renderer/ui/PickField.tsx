/**
 * A combobox of our own: suggestions for what is typed, the first one marked; Enter takes the marked one. Where `onNew` is
 * given, what matches nothing can be made. Inline it shows the record's value at rest and takes a stray draft back.
 */
import { type KeyboardEvent, type Ref, useId, useState } from "react";
import "./Field.css";
import "./Popup.css";
import "./PickField.css";

export interface PickOption {
  readonly id: string;
  readonly label: string;
  readonly side?: string;
}

export interface PickFieldProps {
  readonly label: string;
  /** What stands there at rest. */
  readonly value: string;
  readonly placeholder?: string;
  readonly inline?: boolean;
  readonly autoFocus?: boolean;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly options: (typed: string) => readonly PickOption[];
  /** Told what is typed, for options that have to be fetched. */
  readonly onType?: (typed: string) => void;
  /** The words of the line that makes a new one; absent where nothing can be made. */
  readonly newLabel?: (typed: string) => string;
  readonly onPick: (option: PickOption) => void;
  readonly onNew?: (typed: string) => void;
  readonly onClear?: () => void;
  readonly inputRef?: Ref<HTMLInputElement>;
}

const NEW = "new line";

export const PickField = (props: PickFieldProps) => {
  const {
    label,
    value,
    placeholder,
    inline = false,
    autoFocus = false,
    name,
    disabled = false,
    options,
    onType,
    newLabel,
    onPick,
    onNew,
    onClear,
    inputRef,
  } = props;
  const [draft, setDraft] = useState<string>();
  const [marked, setMarked] = useState(0);
  const listId = useId();
  const typed = (draft ?? "").trim();
  const known = draft === undefined ? [] : options(typed);
  const isExact = known.some((option) => option.label.toLowerCase() === typed.toLowerCase());
  const lines: readonly PickOption[] =
    draft === undefined ? [] : typed !== "" && !isExact && newLabel !== undefined ? [...known, { id: NEW, label: newLabel(typed) }] : known;
  const at = Math.min(marked, lines.length - 1);

  const take = (option: PickOption | undefined) => {
    setDraft(undefined);
    setMarked(0);
    if (option === undefined) return;
    if (option.id === NEW) onNew?.(typed);
    else onPick(option);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (draft === undefined) setDraft("");
      else setMarked(Math.max(0, Math.min(lines.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    }
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && draft !== undefined) {
      event.preventDefault();
      if (typed === "" && onClear !== undefined && value !== "") {
        setDraft(undefined);
        onClear();
      } else take(lines[at]);
    }
    if (event.key === "Escape" && draft !== undefined) {
      event.stopPropagation();
      take(undefined);
    }
  };
  const leave = () => {
    if (draft === undefined) return;
    const exact = known.find((option) => option.label.toLowerCase() === typed.toLowerCase());
    if (typed === "" && value !== "" && onClear !== undefined) {
      setDraft(undefined);
      onClear();
    } else if (!inline && exact === undefined && typed !== "" && onNew !== undefined) take({ id: NEW, label: typed });
    else take(exact !== undefined && exact.label !== value ? exact : undefined);
  };
  return (
    <div className="pick">
      <input
        ref={inputRef}
        className="field"
        role="combobox"
        aria-label={label}
        aria-expanded={lines.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={lines[at] === undefined ? undefined : `${listId}-${at}`}
        data-inline={inline ? "" : undefined}
        data-field={name}
        autoComplete="off"
        // The panel that shows this field was opened to fill it in.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={autoFocus}
        disabled={disabled}
        value={draft ?? value}
        placeholder={placeholder}
        onChange={(event) => {
          setDraft(event.target.value);
          setMarked(0);
          onType?.(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {lines.length === 0 ? null : (
        <ul id={listId} role="listbox" aria-label={label} className="popup pick-list">
          {lines.map((option, index) => (
            <li
              key={option.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className="pick-line"
              ref={index === at ? (node) => node?.scrollIntoView({ block: "nearest" }) : undefined}
              onPointerDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              <span className="cut">{option.label}</span>
              {option.side === undefined ? null : <span className="pick-side cut">{option.side}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
