/**
 * Nothing to show: says what was looked for, what is hidden and the way back.
 */
import type { ReactNode } from "react";
import "./EmptyState.css";

export interface EmptyStateProps {
  readonly title: string;
  readonly words?: string;
  readonly children?: ReactNode;
}

export const EmptyState = ({ title, words, children }: EmptyStateProps) => (
  <div className="empty">
    <p className="empty-title">{title}</p>
    {words === undefined ? null : <p>{words}</p>}
    {children === undefined ? null : <div className="empty-actions">{children}</div>}
  </div>
);
