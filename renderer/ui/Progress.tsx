/**
 * How far long work is: words, a side note (time left) and the track.
 */
import { Progress as Primitive } from "@base-ui/react/progress";
import "./Progress.css";

export interface ProgressProps {
  readonly label: string;
  readonly side?: string;
  readonly done: number;
  /** Null while it is not known yet. */
  readonly total: number | null;
}

export const Progress = ({ label, side, done, total }: ProgressProps) => (
  <Primitive.Root value={total === null || total === 0 ? null : Math.min(100, (done / total) * 100)}>
    <div className="progress-head tabular">
      <Primitive.Label>{label}</Primitive.Label>
      {side === undefined ? null : <span className="progress-side">{side}</span>}
    </div>
    <Primitive.Track className="progress-track">
      <Primitive.Indicator className="progress-bar" />
    </Primitive.Track>
  </Primitive.Root>
);
