/**
 * Tabs with counts; the panel below belongs to the caller.
 */
import { Tabs as Primitive } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import "./Tabs.css";

export interface TabsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly count: number; readonly tone?: "late" }[];
  readonly onChange: (value: Value) => void;
  readonly children: ReactNode;
}

export const Tabs = <Value extends string>({ label, value, options, onChange, children }: TabsProps<Value>) => (
  <Primitive.Root
    className="tabs-root"
    value={value}
    onValueChange={(next) => onChange(options.find((option) => option.value === next)?.value ?? value)}
  >
    <Primitive.List className="tabs" aria-label={label}>
      {options.map((option) => (
        <Primitive.Tab key={option.value} value={option.value} className="tab" data-tone={option.count > 0 ? option.tone : undefined}>
          {option.label} <span className="tab-count">{option.count}</span>
        </Primitive.Tab>
      ))}
    </Primitive.List>
    <Primitive.Panel className="tab-panel" value={value} tabIndex={-1}>
      {children}
    </Primitive.Panel>
  </Primitive.Root>
);
