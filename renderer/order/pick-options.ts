/**
 * Suggestions for what an order refers to: customers by name or phone, sites by address, contacts of the customer.
 */
import type { Customer, Site } from "../../shared/domain/records.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { Board } from "../state/board.ts";
import { fold, wordsOf } from "../state/search.ts";
import type { PickOption } from "../ui/PickField.tsx";

const SHOWN = 8;

const pick = <Row>(
  rows: readonly Row[],
  typed: string,
  text: (row: Row) => string,
  option: (row: Row) => PickOption,
): readonly PickOption[] => {
  const words = wordsOf(typed);
  const query = words.join(" ");
  return rows
    .map((row) => ({ row, text: fold(text(row)) }))
    .filter((each) => words.every((word) => each.text.includes(word)))
    .map((each) => ({ row: each.row, rank: each.text.startsWith(query) ? 0 : 1, text: each.text }))
    .sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : 1))
    .slice(0, SHOWN)
    .map((each) => option(each.row));
};

export const sitesOf = (board: Board, customer: RecordId | null): readonly Site[] =>
  board.all("site").filter((site) => customer !== null && site.customer === customer);

export const siteName = (site: Site | undefined): string => site?.address ?? site?.name ?? "";

const customerSide = (board: Board, customer: Customer): string =>
  [siteName(sitesOf(board, customer.id)[0]), customer.phones[0]].filter((part) => part !== undefined && part !== "").join(" · ");

export const customerOptions = (board: Board, typed: string): readonly PickOption[] =>
  pick(
    board.all("customer"),
    typed,
    (customer) => [customer.name, ...customer.phones].join(" "),
    (customer) => ({ id: customer.id, label: customer.name ?? "", side: customerSide(board, customer) }),
  );

/** The customer's own sites first; typed words search all. */
export const siteOptions = (board: Board, customer: RecordId | null, typed: string): readonly PickOption[] => {
  const own = sitesOf(board, customer);
  const option = (site: Site): PickOption => ({
    id: site.id,
    label: siteName(site),
    side: board.get("customer", site.customer)?.name ?? "",
  });
  const found = pick(own, typed, siteName, option);
  return found.length > 0 || typed === "" ? found : pick(board.all("site"), typed, siteName, option);
};

export const contactOptions = (board: Board, customer: RecordId | null, typed: string): readonly PickOption[] =>
  pick(
    board.all("contact").filter((contact) => customer === null || contact.customer === customer),
    typed,
    (contact) => [contact.name, contact.phone].join(" "),
    (contact) => ({ id: contact.id, label: contact.name ?? "", ...(contact.phone === null ? {} : { side: contact.phone }) }),
  );
