/**
 * Invites a desk: a role, then a code that is read out, with the time it has left. Closing it takes the code back.
 */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Invitation } from "../../shared/ipc/answers.ts";
import { useDesk } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call, desk } from "../state/desk.ts";
import { view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Segments } from "../ui/Segments.tsx";
import "./sync.css";

type Role = "dispatcher" | "viewer" | "admin";

const Countdown = ({ until }: { readonly until: number }) => {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((until - now) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return <span className="tabular">{seconds === 0 ? t("invite.over") : t("invite.left", { time })}</span>;
};

/** Ten characters are shown in two halves, as they are read out. */
const spoken = (code: string): string => (/^[0-9A-Z]{10}$/.test(code) ? `${code.slice(0, 5)}-${code.slice(5)}` : code);

export const InviteDialog = () => {
  const { t } = useTranslation();
  const joined = useDesk((state) => state.joined);
  const [role, setRole] = useState<Role>("dispatcher");
  const [invitation, setInvitation] = useState<Invitation>();
  const [wrong, setWrong] = useState<string>();
  const [isAsking, setAsking] = useState(false);

  useEffect(() => {
    desk.set({ joined: undefined });
    return () => {
      call("invite.cancel", {}).catch(() => {
        // The host is gone, and the code with it.
        desk.set({ joined: undefined });
      });
    };
  }, []);

  const create = () => {
    setAsking(true);
    setWrong(undefined);
    call("invite.create", { role, long: role === "admin" }).then(
      (made) => {
        setAsking(false);
        setInvitation(made);
      },
      (error: unknown) => {
        setAsking(false);
        setWrong(adviceOf(error));
      },
    );
  };
  const isLong = (invitation?.code.length ?? 0) > 11;
  return (
    <Dialog
      title={t("invite.title")}
      onClose={() => view.set({ inviting: false })}
      actions={
        invitation === undefined ? (
          <Button kind="primary" disabled={isAsking} onClick={create}>
            {t("invite.create")}
          </Button>
        ) : (
          <>
            <Button onClick={() => void navigator.clipboard.writeText(invitation.code)}>{t("invite.copy")}</Button>
            <Button kind="primary" onClick={() => view.set({ inviting: false })}>
              {t("invite.done")}
            </Button>
          </>
        )
      }
    >
      {invitation === undefined ? (
        <div className="invite-form">
          <Segments
            label={t("sync.role")}
            value={role}
            options={(["dispatcher", "viewer", "admin"] as const).map((value) => ({ value, label: t(`role.${value}`) }))}
            onChange={setRole}
          />
          <p className="invite-words">{t(`roleWords.${role}`)}</p>
          {wrong === undefined ? null : (
            <p className="field-wrong" role="alert">
              {wrong}
            </p>
          )}
        </div>
      ) : (
        <div>
          <p className="invite-words">{isLong ? t("invite.howLong") : t("invite.how")}</p>
          <p className="invite-code" data-long={isLong ? "" : undefined} data-testid="invite-code">
            {spoken(invitation.code)}
          </p>
          <p className="invite-words">
            {joined === undefined ? <Countdown until={invitation.expires} /> : t("invite.joined", { name: joined })}
          </p>
        </div>
      )}
    </Dialog>
  );
};
