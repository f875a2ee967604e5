/**
 * Where a float stands: beside the card (or bar) of its order, or at the pointer.
 */
import type { Ask } from "../state/view.ts";

export const elementOfOrder = (order: string | undefined): HTMLElement | null =>
  order === undefined ? null : document.querySelector<HTMLElement>(`[data-order="${CSS.escape(order)}"]`);

const MIDDLE = 0.4;

export const anchorOf = (ask: Ask): { readonly getBoundingClientRect: () => DOMRect } => ({
  getBoundingClientRect: () => {
    if (ask.point !== undefined) return new DOMRect(ask.point.x, ask.point.y, 0, 0);
    const box = elementOfOrder(ask.orders.at(-1))?.getBoundingClientRect();
    return box ?? new DOMRect(innerWidth * MIDDLE, innerHeight * MIDDLE, 0, 0);
  },
});
