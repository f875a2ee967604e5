/**
 * The story that Switchyard is for: a yard joins an office; both go offline; one moves order A-42 on, the other writes a note to it; both
 * come back, and both changes stand on both boards. Nobody was asked anything, and no server was there.
 */
import { boardDrawn, type Desk, expect, openOrder, test } from "./board.ts";

const NOTE = "Need replacement part";

/** In the app by its set-up page; a headless host, which has a workspace of its own from the start, by the command line. */
const join = async (yard: Desk, code: string): Promise<void> => {
  if (yard.app === null) {
    await yard.cli("join", code);
    await yard.page.reload();
    return;
  }
  await yard.page.getByRole("textbox", { name: "Code" }).fill(code);
  await yard.page.getByRole("button", { name: "Join", exact: true }).click();
};

test("two desks edit one order offline, and both changes stand on both when they meet again", async ({ openDesk }) => {
  test.slow();
  const [office, yard] = [await openDesk(), await openDesk({ demo: false })];
  const { code } = await office.cli<{ code: string }>("invite", "--long");
  await join(yard, code);
  await boardDrawn(yard.page);
  const state = async ({ cli }: Desk): Promise<unknown> => (await cli("status"))["fingerprint"];
  await expect.poll(async () => (await state(yard)) === (await state(office)), { timeout: 60_000 }).toBe(true);

  await Promise.all([office.close(), yard.close()]);
  await yard.cli("order", "set", "A-42", "status=in_progress");
  await office.cli("order", "note", "A-42", NOTE);

  const again = [await openDesk({ profile: office.profile }), await openDesk({ profile: yard.profile })];
  for (const { page, cli } of again) {
    await boardDrawn(page);
    await expect.poll(() => cli("order", "get", "A-42"), { timeout: 60_000 }).toMatchObject({ status: "in_progress", notes: NOTE });
    await openOrder(page, "A-42");
    await expect(page.getByText(NOTE).first()).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  const [one, other] = await Promise.all(again.map(state));
  expect(one).toBe(other);
});
