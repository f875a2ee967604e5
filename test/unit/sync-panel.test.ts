/**
 * What the sync panel says of now: nothing of what was last heard is told as if it still stood while the host does not answer. And the line
 * that a board in a browser gives for a restore.
 */
import { describe, expect, it } from "vitest";
import { createZone } from "../../renderer/state/zone.ts";
import { fingerprintWords, listenWords, peerWords, summaryWords } from "../../renderer/sync/panel-words.ts";
import { restoreLine } from "../../renderer/sync/restore-line.ts";
import type { PeerStatus, SyncStatus } from "../../shared/ipc/answers.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const zone = createZone("UTC", "en");
const peer = {
  device: "d",
  name: "Yard 2",
  role: "dispatcher",
  connected: true,
  identical: true,
  lastExchange: NOW - 3000,
} as unknown as PeerStatus;
const sync = { port: 47_100, peers: [peer], unseen: 0 } as unknown as SyncStatus;

const all = (link: "ready" | "away"): string => {
  const { here, compared } = peerWords(peer, link, NOW, zone);
  return [summaryWords(sync, link), here, compared, fingerprintWords(sync, link), listenWords(sync, link)].join(" | ");
};

describe("the sync panel", () => {
  it("says who is here and what is the same while the host answers", () => {
    expect(all("ready")).toBe(
      "Every change of this desk is on another one | connected · 3 s ago | identical | Fingerprint, identical with 1 connected desk | listens on port 47100",
    );
  });

  it("claims none of it while the host does not answer", () => {
    expect(all("away")).not.toMatch(/connected|identical|every change|listens/i);
    expect(summaryWords(sync, "away")).toBe("Switchyard on this machine does not answer");
    expect(peerWords(peer, "away", NOW, zone)).toEqual({ here: "not known now · 3 s ago", compared: "" });
  });
});

describe("the line that restores a backup", () => {
  it("names the profile's folder and the backup's file", () => {
    expect(restoreLine({ file: "/home/dana/p/backups/2026-11-24T17-45-02-123-daily.db" })).toBe(
      "npm run --silent cli -- --profile /home/dana/p restore /home/dana/p/backups/2026-11-24T17-45-02-123-daily.db",
    );
  });

  it("quotes what a shell would take apart", () => {
    expect(restoreLine({ file: String.raw`C:\Users\Dana Meier\p\backups\x-manual.db` })).toBe(
      String.raw`npm run --silent cli -- --profile "C:\Users\Dana Meier\p" restore "C:\Users\Dana Meier\p\backups\x-manual.db"`,
    );
    expect(restoreLine({ file: "/a$b/it's/backups/x.db" })).toContain(String.raw`--profile '/a$b/it'\''s' restore`);
  });
});
