/**
 * The button of the design system: a verb, and the key that does the same. At most one primary in a view.
 */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { KeyHint } from "./KeyHint.tsx";
import "./Button.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: "primary" | "rest" | "plain";
  /** The key that does the same, shown behind the words: `C`, `Ctrl+Enter`. */
  readonly hint?: string;
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export const Button = ({ kind = "rest", hint, icon, children, className, ...rest }: ButtonProps) => (
  <button type="button" data-kind={kind} className={className ? `button ${className}` : "button"} {...rest}>
    {icon}
    <span>{children}</span>
    {hint === undefined ? null : <KeyHint keys={hint} {...(kind === "primary" ? { tone: "ink" as const } : {})} />}
  </button>
);
