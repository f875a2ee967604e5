/**
 * The mark of a state: told apart by shape, then by colour. The word goes with it as its name where no word stands beside.
 */
import type { ReactNode } from "react";
import "./marks.css";

export const MARKS = [
  "new",
  "planned",
  "confirmed",
  "dispatched",
  "travelling",
  "working",
  "paused",
  "hold",
  "late",
  "done",
  "cancelled",
] as const;
export type Mark = (typeof MARKS)[number];

const RING = { cx: 8, cy: 8, r: 5.25, fill: "none", stroke: "currentColor", strokeWidth: 2 } as const;

const SHAPES: { readonly [Name in Mark]: ReactNode } = {
  new: <circle {...RING} strokeWidth={1.75} strokeDasharray="2.1 2.024" strokeDashoffset="1.05" />,
  planned: <circle {...RING} />,
  confirmed: (
    <>
      <circle {...RING} />
      <circle cx="8" cy="8" r="2.25" fill="currentColor" />
    </>
  ),
  dispatched: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="currentColor" />
      <path className="mark-cut-line" d="M7 5.4 9.6 8 7 10.6" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  travelling: <path d="M4.25 3.1v9.8a.6.6 0 0 0 .9.52l8.3-4.9a.6.6 0 0 0 0-1.04l-8.3-4.9a.6.6 0 0 0-.9.52z" fill="currentColor" />,
  working: <circle cx="8" cy="8" r="6.25" fill="currentColor" />,
  paused: (
    <>
      <circle {...RING} strokeWidth={1.75} r={5.5} />
      <path d="M6.5 5.75v4.5M9.5 5.75v4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  hold: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2.5" fill="currentColor" />
      <path className="mark-cut-line" d="M6.25 5.25v5.5M9.75 5.25v5.5" strokeWidth="1.75" strokeLinecap="round" />
    </>
  ),
  late: (
    <>
      <path
        d="M8.9 1.4 14.6 7.1a1.27 1.27 0 0 1 0 1.8L8.9 14.6a1.27 1.27 0 0 1-1.8 0L1.4 8.9a1.27 1.27 0 0 1 0-1.8L7.1 1.4a1.27 1.27 0 0 1 1.8 0z"
        fill="currentColor"
      />
      <path className="mark-cut-line" d="M8 4.75v3.5" strokeWidth="1.75" strokeLinecap="round" />
      <circle className="mark-cut" cx="8" cy="10.9" r="1" />
    </>
  ),
  done: <path d="m3 8.6 3.3 3.3L13 4.9" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />,
  cancelled: <path d="m4 4 8 8m0-8-8 8" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
};

export const StatusMark = ({ mark, name }: { readonly mark: Mark; readonly name?: string }) => (
  <svg
    className="mark"
    data-mark={mark}
    viewBox="0 0 16 16"
    {...(name === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
  >
    {SHAPES[mark]}
  </svg>
);
