/**
 * Invitations. Who is let in is decided outside the page's reach: on the command line by giving the command, in the app by a
 * dialog of the main process that names whoever brings the code (trust.md, "Invitations", "Local surfaces").
 */
import { AppError } from "../../shared/errors.ts";
import type { Handlers } from "../host/ports.ts";
import type { SyncEvents } from "../sync/sync-service.ts";
import type { DeskContext } from "./context.ts";

export interface Invite {
  readonly handlers: Pick<Handlers, "invite.create" | "invite.cancel">;
  /** Somebody has proved to know the code: asks the person, tells the worker. */
  joinRequested(request: SyncEvents["joinRequest"]): Promise<void>;
}

const ROLES = { admin: "an admin", dispatcher: "a dispatcher", viewer: "a viewer" } as const;

export const createInvite = (context: DeskContext): Invite => {
  const { sync, surroundings } = context.deps;
  return {
    handlers: {
      "invite.create": async ({ role, long }, caller) => {
        context.members.requireWriter();
        let confirmed = caller === "command-line";
        // Where no dialog can be shown later, the question comes first; a host that cannot ask at all refuses it here.
        if (!confirmed && surroundings.host === "headless") {
          confirmed = await surroundings.confirm({
            title: `Invite a device as ${ROLES[role]}?`,
            detail: "Whoever brings the code is let in without another question.",
            yes: "Invite",
          });
          if (!confirmed) throw new AppError("not_confirmed", "Nobody was invited.");
        }
        return sync.request({ kind: "invite", role, long: long || role === "admin", confirmed });
      },
      "invite.cancel": async () => {
        await sync.request({ kind: "cancelInvite" });
        return null;
      },
    },
    joinRequested: async ({ joiner, name, role }) => {
      let admit = false;
      try {
        admit = await surroundings.confirm({
          title: `Let “${name}” in as ${ROLES[role]}?`,
          detail: "It has given the right code. It will hold a copy of everything in this workspace.",
          yes: "Let in",
        });
      } finally {
        await sync.request({ kind: "confirmJoin", joiner, admit });
      }
    },
  };
};
