/**
 * Orders as journeys need them: made past the board, so that a journey tells of one thing, then found on it as a person finds them.
 */
import type { Locator, Page } from "@playwright/test";
import type { RecordId } from "../../shared/ids.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { type Desk, expect } from "./board.ts";

export interface MadeOrder {
  readonly id: RecordId;
  readonly number: string;
}

/** An order of the journey's own, new and without a day unless `values` say otherwise: it stands in New whatever day is shown. */
export const makeOrder = async (desk: Desk, values: Input<"order.create">["values"] = {}): Promise<MadeOrder> => {
  const { record } = await desk.ask("order.create", { values: { title: "Made for a journey", ...values } });
  return { id: record.id, number: String(record["number"]) };
};

export const cardOf = (place: Page | Locator, number: string): Locator => place.locator(`.card[data-number="${number}"]`);

export const columnOf = (page: Page, name: "new" | "scheduled" | "in_progress" | "on_hold" | "done"): Locator =>
  page.locator(`[data-column="${name}"]`);

/** Filters the board down to one order and answers its card. */
export const showOnly = async (page: Page, number: string): Promise<Locator> => {
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Filter" }).fill(number);
  const card = cardOf(page, number);
  await expect(card).toBeVisible();
  await expect(page.locator(".card")).toHaveCount(1);
  return card;
};
