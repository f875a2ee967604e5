/**
 * The small icons before a hint's words. Red ones (late, over, overlap, starts soon) are solid; quiet ones are lines.
 */
import { ArchiveRestore, ArrowLeftRight, ClockAlert, ListChecks, Megaphone, Pause, PhoneOutgoing } from "lucide-react";
import type { Hint } from "../state/hints.ts";
import { StatusMark } from "./StatusMark.tsx";

export type HintKind = Hint["kind"] | "otherValue";

export const HintMark = ({ kind }: { readonly kind: HintKind }) => {
  const props = { className: "hint-icon", "aria-hidden": true, strokeWidth: 1.75 } as const;
  switch (kind) {
    case "late":
    case "over":
      return <StatusMark mark="late" />;
    case "overlap":
      return (
        <svg className="hint-icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.75" aria-hidden="true">
          <rect x="2" y="2" width="8.5" height="8.5" rx="1.5" />
          <rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1.5" />
        </svg>
      );
    case "startsSoon":
      return <ClockAlert {...props} />;
    case "hold":
      return <Pause {...props} />;
    case "changed":
      return <Megaphone {...props} />;
    case "notCalled":
      return <PhoneOutgoing {...props} />;
    case "edited":
      return <ArchiveRestore {...props} />;
    case "suggest":
      return <ListChecks {...props} />;
    case "otherValue":
      return <ArrowLeftRight {...props} />;
  }
};
