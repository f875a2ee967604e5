/** The board opens with the demo, in the app's window and in a browser, through one contract, and nothing in it complains. */
import { expect, test } from "./board.ts";

const COLUMNS = ["New", "Scheduled", "In progress", "On hold", "Done"] as const;

test("the board opens with the demo's orders in five columns, and nothing is refused or fails", async ({ desk }) => {
  const { page, cli, complaints } = desk;
  for (const name of COLUMNS) await expect(page.getByRole("region", { name: new RegExp(`^${name}`) })).toBeInViewport();
  expect(await cli<unknown[]>("order", "list")).toHaveLength(200);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(complaints).toEqual([]);
});

test("an edit on the command line shows on the open board", async ({ desk }) => {
  const { page, cli } = desk;
  const made = await cli<{ number: string }>("order", "create", "title=Seen at once", `requestedFrom=${Date.now() + 60_000}`);
  expect(made.number).toBe("A-201");
  await expect(page.getByText("Seen at once").first()).toBeVisible();
});

test("the page has no way to the machine but the contract", async ({ demo: desk }) => {
  const reach = await desk.page.evaluate(() => ({
    node: [typeof globalThis.process, typeof (globalThis as { require?: unknown }).require, typeof globalThis.Buffer],
    host: Object.keys((globalThis as { switchyard?: object }).switchyard ?? {}).toSorted(),
  }));
  expect(reach).toEqual({ node: ["undefined", "undefined", "undefined"], host: desk.app === null ? [] : ["call", "on"] });
  const inlined = await desk.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ranInline = true";
    document.body.append(script);
    return "ranInline" in globalThis;
  });
  expect(inlined).toBe(false);
});

test("the window is not led away, and opens no other", async ({ demo: desk }) => {
  const { page } = desk;
  const before = page.url();
  await page.evaluate(() => {
    window.open("https://example.invalid/");
  });
  if (desk.app === null) return;
  await page.evaluate(() => {
    location.href = "file:///etc/passwd";
  });
  await expect(page.getByRole("button", { name: /new order/i }).first()).toBeVisible();
  expect(page.url()).toBe(before);
  expect(desk.app.windows()).toHaveLength(1);
});

test("a reload keeps the board open", async ({ demo: desk }) => {
  await desk.page.reload();
  await expect(desk.page.getByRole("button", { name: /new order/i }).first()).toBeVisible();
});

test("keys are answered from the moment the board is seen, and what follows Ctrl+K is meant for the search", async ({ desk }) => {
  const { page } = desk;
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (document.querySelector('[aria-keyshortcuts="Control+K"]') === null) return;
      seen.disconnect();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
      queueMicrotask(() =>
        document.documentElement.setAttribute("data-takes-keys", document.activeElement?.getAttribute("role") ?? "none"),
      );
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-takes-keys", "combobox");
});
