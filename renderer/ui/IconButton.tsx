/**
 * A button that is only an icon: its name is for screen readers and the tooltip.
 */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Hint } from "./Tooltip.tsx";
import "./Button.css";

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string;
  readonly hint?: string;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export const IconButton = ({ label, hint, children, className, ...rest }: IconButtonProps) => (
  <Hint words={label} {...(hint === undefined ? {} : { keys: hint })}>
    <button type="button" aria-label={label} className={className ? `icon-button ${className}` : "icon-button"} {...rest}>
      {children}
    </button>
  </Hint>
);
