/** The names of the two IPC channels, for both ends: requests with their answers, and events. */
export const CALL_CHANNEL = "switchyard:call";
export const EVENT_CHANNEL = "switchyard:event";
