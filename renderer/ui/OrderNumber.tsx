/**
 * An order's number: digits in columns, letters and hyphen as they are (tabular figures would spread the hyphen).
 */
import "./order-number.css";

export const OrderNumber = ({ number }: { readonly number: string }) => {
  const dash = number.lastIndexOf("-") + 1;
  return (
    <span className="order-number">
      {number.slice(0, dash)}
      <span className="tabular">{number.slice(dash)}</span>
    </span>
  );
};
