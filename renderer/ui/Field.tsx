/**
 * Text fields: `TextField` is controlled; `InlineField` keeps a draft that Enter or leaving commits and Esc takes back.
 * The draft lives only while the field is edited, so a change from another desk shows in a field at rest.
 */
import { type InputHTMLAttributes, type KeyboardEvent, type ReactNode, type Ref, useId, useState } from "react";
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
  readonly multiline?: boolean;
  readonly disabled?: boolean;
  /** Takes the text; a returned sentence says what is wrong with it and keeps the draft. */
  readonly onCommit: (text: string) => string | undefined;
  readonly name?: string;
}

/** No save button: Enter or leaving keeps, Esc takes back. A draft equal to the record writes nothing. */
export const InlineField = ({
  label,
  value,
  placeholder,
  className,
  multiline = false,
  disabled = false,
  onCommit,
  name,
}: InlineFieldProps) => {
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
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      setDraft(undefined);
      setWrong(undefined);
      const field = event.currentTarget;
      queueMicrotask(() => field.blur());
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (keep()) event.currentTarget.blur();
    }
  };
  const shared = {
    className: className ? `field ${className}` : "field",
    "data-inline": "",
    "aria-label": label,
    "aria-invalid": wrong === undefined ? undefined : true,
    "aria-describedby": wrong === undefined ? undefined : wrongId,
    "data-field": name,
    value: draft ?? value,
    placeholder,
    disabled,
    onBlur: keep,
    onKeyDown,
  };
  return (
    <>
      {multiline ? (
        <textarea
          rows={Math.min(8, Math.max(1, (draft ?? value).split("\n").length))}
          {...shared}
          onChange={(event) => setDraft(event.target.value)}
        />
      ) : (
        <input {...shared} onChange={(event) => setDraft(event.target.value)} />
      )}
      {wrong === undefined ? null : (
        <p id={wrongId} className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
    </>
  );
};
