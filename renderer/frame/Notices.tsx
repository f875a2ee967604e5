/**
 * What the desk tells once (a damaged file set aside, a port that was taken), until it is read.
 */
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { IconButton } from "../ui/IconButton.tsx";
import "./notices.css";

export const Notices = () => {
  const { t } = useTranslation();
  const notices = useDesk((state) => state.info?.notices);
  return notices?.map((notice) => (
    <div key={notice.code} className="notice" role="status">
      <p>{notice.text}</p>
      <IconButton
        label={t("ui.close")}
        onClick={() => {
          call("desk.dismissNotice", { code: notice.code }).catch((error: unknown) => say(adviceOf(error)));
        }}
      >
        <X size="1em" aria-hidden="true" />
      </IconButton>
    </div>
  ));
};
