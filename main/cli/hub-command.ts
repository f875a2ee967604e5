/** `hub`: the host without a window, until it is told to end. Its first line on standard output says that it is ready. */
import { integerOption } from "./arguments.ts";
import type { HostCommand } from "./command.ts";

export const hubCommand: HostCommand = {
  kind: "host",
  name: "hub",
  synopsis: "",
  about:
    'Runs Switchyard without a window: syncs with the other desks and serves the board to a browser on this machine. Once ready it prints {"ready":true,"url","device","workspace","port"}.',
  options: [
    { name: "port", value: "N", about: "the sync port (the kept one if not given; 0 takes a free one)" },
    { name: "no-mdns", about: "neither announces this desk on the LAN nor looks for others" },
    { name: "demo", about: "a fresh profile gets the demo workspace instead of an empty one" },
  ],
  takes: [0, 0],
  prepare: (words) => {
    const port = integerOption(words, "port", 0, 65_535);
    const [mdns, demo] = [!words.options.has("no-mdns"), words.options.has("demo")];
    return async (profile, files, printLine) => {
      const { runHeadless } = await import("../host/headless.ts");
      await runHeadless({ profile, files, port, mdns, demo, printLine });
    };
  },
};
