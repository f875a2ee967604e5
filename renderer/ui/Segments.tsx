/**
 * One of a few choices, side by side; arrows move the choice, as in a radio group.
 */
import type { KeyboardEvent } from "react";
import "./Segments.css";

export interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

export const Segments = <Value extends string>({ label, value, options, onChange }: SegmentsProps<Value>) => {
  const move = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = options.findIndex((option) => option.value === value);
    const next = options[(at + step + options.length) % options.length];
    if (next === undefined) return;
    onChange(next.value);
    const radios = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("[role=radio]");
    radios?.[options.indexOf(next)]?.focus();
  };
  return (
    <div role="radiogroup" aria-label={label} className="segments">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          className="segment"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
          onKeyDown={move}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
};
