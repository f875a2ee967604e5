/**
 * Shows which key does the same as a button or menu line. Hidden from screen readers: `aria-keyshortcuts` tells them.
 */
import "./KeyHint.css";

export const KeyHint = ({ keys, tone }: { readonly keys: string; readonly tone?: "ink" }) => (
  <kbd className="key" data-tone={tone} aria-hidden="true">
    {keys.replaceAll("+", " ")}
  </kbd>
);
