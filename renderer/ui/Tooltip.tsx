/**
 * Words for what has none: wraps one focusable element. The element keeps its own accessible name.
 */
import { Tooltip } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { floats } from "./floats.ts";
import { KeyHint } from "./KeyHint.tsx";
import "./Tooltip.css";

export interface HintProps {
  readonly words: string;
  readonly keys?: string;
  readonly children: ReactElement<Record<string, unknown>>;
}

export const Hint = ({ words, keys, children }: HintProps) => (
  <Tooltip.Root>
    <Tooltip.Trigger render={children} />
    <Tooltip.Portal container={floats()}>
      <Tooltip.Positioner sideOffset={6}>
        <Tooltip.Popup className="tooltip">
          {words}
          {keys === undefined ? null : <KeyHint keys={keys} />}
        </Tooltip.Popup>
      </Tooltip.Positioner>
    </Tooltip.Portal>
  </Tooltip.Root>
);
