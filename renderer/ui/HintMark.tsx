/**
 * The small icons before a hint's words. Red ones (late, over, overlap, starts soon) are solid; quiet ones are lines.
 */
import { ArrowLeftRight, ClockAlert, Megaphone, Pause, PhoneOutgoing, Pin, SquareStack } from "lucide-react";
import { ListChecks } from "lucide-react";
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
      return <SquareStack {...props} strokeWidth={2} />;
    case "startsSoon":
      return <ClockAlert {...props} />;
    case "hold":
      return <Pause {...props} />;
    case "changed":
      return <Megaphone {...props} />;
    case "notCalled":
      return <PhoneOutgoing {...props} />;
    case "pinned":
      return <Pin {...props} />;
    case "suggest":
      return <ListChecks {...props} />;
    case "otherValue":
      return <ArrowLeftRight {...props} />;
  }
};
