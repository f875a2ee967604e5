/**
 * Priority as a shape, never a hue: three bars high, one of three low, an ink square urgent, nothing for normal.
 */
import "./marks.css";

export type Priority = "low" | "normal" | "high" | "urgent";

export const PriorityMark = ({ priority, name }: { readonly priority: Priority; readonly name?: string }) => {
  if (priority === "normal") return null;
  return (
    <svg
      className="mark"
      data-mark={priority}
      viewBox="0 0 16 16"
      {...(name === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
    >
      {priority === "urgent" ? (
        <>
          <rect x="2" y="2" width="12" height="12" rx="2.5" fill="currentColor" />
          <path className="mark-cut-line" d="M8 4.75v3.75" strokeWidth="1.9" strokeLinecap="round" />
          <circle className="mark-cut" cx="8" cy="11.1" r="1.05" />
        </>
      ) : (
        <>
          <rect x="2.5" y="9.5" width="2.75" height="4" rx="0.75" fill="currentColor" />
          <rect
            x="6.6"
            y="6.5"
            width="2.75"
            height="7"
            rx="0.75"
            fill="currentColor"
            className={priority === "low" ? "mark-faint" : undefined}
          />
          <rect
            x="10.75"
            y="3"
            width="2.75"
            height="10.5"
            rx="0.75"
            fill="currentColor"
            className={priority === "low" ? "mark-faint" : undefined}
          />
        </>
      )}
    </svg>
  );
};
