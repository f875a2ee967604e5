/**
 * The contract over Electron's IPC: one channel for requests, one for events. Only the main frame of a page of the board is answered;
 * requests wait until the host is composed. The page's half is `preload.ts`.
 */
import { BrowserWindow, ipcMain, type WebFrameMain } from "electron";
import { CALL_CHANNEL, EVENT_CHANNEL } from "../../shared/ipc/channels.ts";
import type { EventName, Events } from "../../shared/ipc/contract.ts";
import type { RunningHost } from "../host/compose.ts";
import { isBoardUrl } from "./app-protocol.ts";

const isBoardFrame = (frame: WebFrameMain | null): boolean => frame !== null && frame.parent === null && isBoardUrl(frame.url);

/** Answers the windows' requests through the host, once it is there. */
export const carryContract = (host: Promise<RunningHost>): void => {
  ipcMain.handle(CALL_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isBoardFrame(event.senderFrame) || typeof name !== "string")
      return { ok: false, code: "unknown_request", message: "This page may not ask anything of Switchyard." };
    return (await host).dispatch(name, input, "window");
  });
  // A host that could not be composed has been told of by whoever composes it.
  host.then(
    ({ onEvent }) => onEvent(sendToWindows),
    () => undefined,
  );
};

/** To every open window of the board; one that is closing no longer hears it. */
export const sendToWindows = <Name extends EventName>(name: Name, data: Events[Name]): void => {
  for (const { webContents } of BrowserWindow.getAllWindows())
    if (!webContents.isDestroyed() && isBoardUrl(webContents.getURL())) webContents.send(EVENT_CHANNEL, name, data);
};
