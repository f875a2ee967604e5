/**
 * One value out of a few, in a drop-down. The first line may stand for "none" (value null).
 */
import { Select as Primitive } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { floats } from "./floats.ts";
import "./Popup.css";

export interface SelectOption<Value extends string> {
  readonly value: Value | null;
  readonly label: string;
  readonly icon?: ReactNode;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string;
  readonly inline?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly name?: string;
  readonly onChange: (value: Value | null) => void;
}

export const Select = <Value extends string>(props: SelectProps<Value>) => {
  const { label, value, options, placeholder, inline = false, disabled = false, className, name, onChange } = props;
  const chosen = options.find((option) => option.value === value);
  return (
    <Primitive.Root
      value={value}
      disabled={disabled}
      modal={false}
      onValueChange={(next) => onChange(options.find((option) => option.value === next)?.value ?? null)}
    >
      <Primitive.Trigger
        className={className ? `select ${className}` : "select"}
        aria-label={label}
        data-inline={inline ? "" : undefined}
        data-field={name}
      >
        <span className="select-value" data-empty={chosen === undefined || chosen.value === null ? "" : undefined}>
          {chosen?.icon}
          {chosen?.label ?? placeholder}
        </span>
        <ChevronDown size="1em" aria-hidden="true" />
      </Primitive.Trigger>
      <Primitive.Portal container={floats()}>
        <Primitive.Positioner className="popup-layer" sideOffset={4} align="start" alignItemWithTrigger={false}>
          <Primitive.Popup className="popup menu select-popup">
            <Primitive.List aria-label={label}>
              {options.map((option) => (
                <Primitive.Item key={option.value ?? ""} value={option.value} className="menu-item">
                  {option.icon}
                  <Primitive.ItemText className="menu-item-label">{option.label}</Primitive.ItemText>
                  <Primitive.ItemIndicator>
                    <Check size="1em" aria-hidden="true" />
                  </Primitive.ItemIndicator>
                </Primitive.Item>
              ))}
            </Primitive.List>
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
};
