/**
 * What the window shows: that the board could not be opened, the first minute of a fresh desk, or the frame with its views.
 */
import { lazy, Suspense, useEffect, useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { AskFloat } from "./board/AskFloat.tsx";
import { ColumnsView } from "./board/ColumnsView.tsx";
import { CheatSheet } from "./frame/CheatSheet.tsx";
import { followWidth } from "./frame/folding.ts";
import { followFocus } from "./frame/follow-focus.ts";
import { listenToKeys } from "./frame/keys.ts";
import { Notices } from "./frame/Notices.tsx";
import { Sidebar } from "./frame/Sidebar.tsx";
import { StatusBar } from "./frame/StatusBar.tsx";
import { TitleBar } from "./frame/TitleBar.tsx";
import { TopBar } from "./frame/TopBar.tsx";
import { Tray } from "./frame/Tray.tsx";
import { listenToCommands } from "./frame/window-commands.ts";
import { useDesk, useView } from "./hooks.ts";
import { ListView } from "./list/ListView.tsx";
import { TrashView } from "./list/TrashView.tsx";
import { NewOrder } from "./order/NewOrder.tsx";
import { loadNotesAhead } from "./order/NotesSlot.tsx";
import { OrderPanel } from "./order/OrderPanel.tsx";
import { ScheduleView } from "./schedule/ScheduleView.tsx";
import { Palette } from "./search/Palette.tsx";
import { EmptyState } from "./ui/EmptyState.tsx";
import { Toasts } from "./ui/Toast.tsx";
import "./frame/frame.css";

const Setup = lazy(() => import("./setup/Setup.tsx").then((module) => ({ default: module.Setup })));
const ImportView = lazy(() => import("./import/ImportView.tsx").then((module) => ({ default: module.ImportView })));
const SyncPanel = lazy(() => import("./sync/SyncPanel.tsx").then((module) => ({ default: module.SyncPanel })));
const InviteDialog = lazy(() => import("./sync/InviteDialog.tsx").then((module) => ({ default: module.InviteDialog })));

const CurrentView = () => {
  const name = useView((state) => state.view);
  switch (name) {
    case "board":
      return <ColumnsView />;
    case "schedule":
      return <ScheduleView />;
    case "list":
      return <ListView />;
    case "trash":
      return <TrashView />;
    case "import":
      return <ImportView />;
  }
};

const Side = () => {
  const open = useView((state) => state.open);
  const creating = useView((state) => state.creating);
  const sync = useView((state) => state.sync);
  if (creating) return <NewOrder />;
  if (sync) return <SyncPanel />;
  return open === undefined ? null : <OrderPanel id={open} />;
};

const Frame = () => {
  const viewName = useView((state) => state.view);
  const palette = useView((state) => state.palette);
  const keys = useView((state) => state.keys);
  const inviting = useView((state) => state.inviting);
  const hasBar = viewName === "board" || viewName === "schedule" || viewName === "list";
  const hasTray = viewName === "board" || viewName === "schedule";
  // Before the board is painted: what is seen answers keys.
  useLayoutEffect(listenToKeys, []);
  useLayoutEffect(followFocus, []);
  useEffect(loadNotesAhead, []);
  useEffect(followWidth, []);
  useEffect(listenToCommands, []);
  return (
    <div className="frame">
      <TitleBar />
      <Sidebar />
      <main className="main" data-plain={hasBar ? undefined : ""}>
        {hasBar ? <TopBar /> : null}
        <div className="work">
          {hasTray ? <Tray /> : null}
          <div className="work-view">
            <Notices />
            <Suspense>
              <CurrentView />
            </Suspense>
          </div>
          <Suspense>
            <Side />
          </Suspense>
        </div>
      </main>
      <StatusBar />
      <AskFloat />
      {palette ? <Palette /> : null}
      {keys ? <CheatSheet /> : null}
      <Suspense>{inviting ? <InviteDialog /> : null}</Suspense>
    </div>
  );
};

export const App = () => {
  const { t } = useTranslation();
  const failure = useDesk((state) => state.failure);
  const link = useDesk((state) => state.link);
  const phase = useDesk((state) => state.info?.phase);
  const isLoaded = useDesk((state) => state.days !== undefined);
  if (failure !== undefined || link === "refused") return <EmptyState title={t("app.notOpened")} words={failure ?? t("app.sessionOver")} />;
  return (
    <>
      {phase === "fresh" ? (
        <Suspense>
          <Setup />
        </Suspense>
      ) : null}
      {phase === "ready" && isLoaded ? <Frame /> : null}
      <Toasts />
    </>
  );
};
