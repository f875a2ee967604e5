/**
 * The page's half of the contract over Electron's IPC: `window.switchyard`, of the shape `Host`. Runs sandboxed in an isolated world
 * and passes data through; what may be asked is decided in the main process.
 */
import { contextBridge, ipcRenderer } from "electron";
import { CALL_CHANNEL, EVENT_CHANNEL } from "../shared/ipc/channels.ts";
import type { Host } from "../shared/ipc/contract.ts";

type Answer = { readonly ok: true; readonly output: never } | { readonly ok: false; readonly code: string; readonly message: string };

/** One listener on the channel for all of the page's: Electron warns of a leak from eleven on. */
const listeners = new Map<string, Set<(data: unknown) => void>>();
ipcRenderer.on(EVENT_CHANNEL, (_event, ...[happened, data]: readonly unknown[]) => {
  if (typeof happened === "string") for (const listener of [...(listeners.get(happened) ?? [])]) listener(data);
});

const host: Host = {
  call: async (name, input) => {
    const answer = (await ipcRenderer.invoke(CALL_CHANNEL, name, input)) as Answer;
    if (answer.ok) return answer.output;
    // A plain object: between the worlds an Error keeps its message alone.
    return Promise.reject({ code: answer.code, advice: answer.message, message: answer.message });
  },
  on: (name, listener) => {
    const heard = listener as (data: unknown) => void;
    const told = listeners.get(name) ?? new Set();
    listeners.set(name, told.add(heard));
    return () => void told.delete(heard);
  },
};

contextBridge.exposeInMainWorld("switchyard", host);
