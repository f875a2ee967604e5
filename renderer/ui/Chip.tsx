/**
 * A count that filters when pressed: "Late 2". Zero stays visible, so that nothing jumps.
 */
import "./Chip.css";

export interface ChipProps {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly tone?: "late";
  readonly onPress: () => void;
}

export const Chip = ({ label, count, pressed, tone, onPress }: ChipProps) => (
  <button
    type="button"
    className="chip"
    aria-pressed={pressed}
    data-tone={count > 0 ? tone : undefined}
    data-empty={count === 0 ? "" : undefined}
    onClick={onPress}
  >
    {label} <span className="chip-count">{count}</span>
  </button>
);
