/**
 * Text fields: `TextField` is controlled; `InlineField` keeps a draft that Enter or leaving commits and Esc takes back.
 * The draft lives only while the field is edited, so a change from another desk shows in a field at rest.
 */
import { type InputHTMLAttributes, type KeyboardEvent, type PointerEvent, type ReactNode, type Ref, useId, useState } from "react";
import "./Field.css";

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export const TextField = ({ value, onText, icon, className, ...rest }: TextFieldProps) => {
  const input = (
    <input
      className={className ? `field ${className}` : "field"}
      value={value}
      onChange={(event) => onText(event.target.value)}
      {...rest}
    />
  );
  if (icon === undefined) return input;
  return (
    <div className="field-box">
      {icon}
      {input}
    </div>
  );
};

export interface InlineFieldProps {
  readonly label: string;
  /** What stands in the record, as text. */
  readonly value: string;
  readonly placeholder?: string;
  readonly className?: string;
  readonly disabled?: boolean;
  /** Takes the text; a returned sentence says what is wrong with it and keeps the draft. */
  readonly onCommit: (text: string) => string | undefined;
  readonly name?: string;
}

/** A line that was pasted in several is one. */
const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, " ");

/** What does not fit the lines at rest can be read whole where the pointer stands. */
const tellWhole = (event: PointerEvent<HTMLElement>): void => {
  const rest = event.currentTarget.querySelector<HTMLElement>(".field-rest");
  const isCut = rest !== null && rest.scrollHeight > rest.clientHeight;
  event.currentTarget.title = isCut ? (rest.textContent ?? "") : "";
};

/**
 * No save button: Enter or leaving keeps, Esc takes back. A draft equal to the record writes nothing. One line of text, drawn in up to
 * three at rest: the text at rest measures the field, and ends in an ellipsis where it is longer; edited, it is there whole.
 */
export const InlineField = ({ label, value, placeholder, className, disabled = false, onCommit, name }: InlineFieldProps) => {
  const [draft, setDraft] = useState<string>();
  const [wrong, setWrong] = useState<string>();
  const wrongId = useId();

  const keep = (): boolean => {
    if (draft === undefined || draft === value) {
      setDraft(undefined);
      setWrong(undefined);
      return true;
    }
    const problem = onCommit(draft);
    setWrong(problem);
    if (problem === undefined) setDraft(undefined);
    return problem === undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      setDraft(undefined);
      setWrong(undefined);
      const field = event.currentTarget;
      queueMicrotask(() => field.blur());
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (keep()) event.currentTarget.blur();
    }
  };
  return (
    <>
      <div className={className ? `field-lines ${className}` : "field-lines"} onPointerEnter={tellWhole}>
        <span className="field-rest" aria-hidden="true">
          {draft ?? value}
        </span>
        <textarea
          className="field"
          rows={1}
          data-inline=""
          data-field={name}
          aria-label={label}
          aria-invalid={wrong === undefined ? undefined : true}
          aria-describedby={wrong === undefined ? undefined : wrongId}
          value={draft ?? value}
          placeholder={placeholder}
          disabled={disabled}
          onChange={(event) => setDraft(oneLine(event.target.value))}
          onBlur={keep}
          onKeyDown={onKeyDown}
        />
      </div>
      {wrong === undefined ? null : (
        <p id={wrongId} className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
};
