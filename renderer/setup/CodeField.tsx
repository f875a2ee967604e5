/**
 * Ten boxes for a spoken code: one real field behind them, so that paste, undo and screen readers work. O is read as 0,
 * I and L as 1. A longer text (a link, the long form) is kept as it was pasted.
 */
import { useTranslation } from "react-i18next";
import { TextField } from "../ui/Field.tsx";

const LENGTH = 10;
const BOXES = Array.from({ length: LENGTH }, (_, index) => index);

/** What is typed, as a code: Crockford's letters, no dashes. Longer texts are left alone. */
export const readCode = (typed: string): string => {
  const bare = typed.trim().replaceAll(/[\s–-]/g, "");
  if (bare.length > LENGTH) return typed.trim();
  return bare.toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
};

export const isWholeCode = (code: string): boolean => code.length >= LENGTH;

export interface CodeFieldProps {
  readonly value: string;
  readonly onCode: (code: string) => void;
}

export const CodeField = ({ value, onCode }: CodeFieldProps) => {
  const { t } = useTranslation();
  if (value.length > LENGTH) return <TextField value={value} onText={(text) => onCode(readCode(text))} aria-label={t("setup.code")} />;
  return (
    <div className="code">
      <input
        className="code-input"
        aria-label={t("setup.code")}
        autoComplete="off"
        spellCheck={false}
        // The one task of this page.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={value}
        onChange={(event) => onCode(readCode(event.target.value))}
      />
      {BOXES.map((index) => [
        index === LENGTH / 2 ? (
          <span key="dash" className="code-dash" aria-hidden="true">
            –
          </span>
        ) : null,
        <span key={index} className="code-box" aria-hidden="true" data-next={index === Math.min(value.length, LENGTH - 1) ? "" : undefined}>
          {value[index] ?? ""}
        </span>,
      ])}
    </div>
  );
};
