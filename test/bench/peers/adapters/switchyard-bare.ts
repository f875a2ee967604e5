/** Our own store without its history: the state alone, as most peers keep it. */
import { ourPeer } from "./switchyard.ts";

export const peer = ourPeer(false);
