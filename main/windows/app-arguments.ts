/**
 * The app's own words on its command line: `--profile X`, `--port N`, `--no-mdns`, `--demo`. Chromium, Electron and debuggers put theirs
 * among them, so what is not ours is passed over.
 */
import { AppError } from "../../shared/errors.ts";

export interface AppArguments {
  readonly profile: string | undefined;
  readonly port: number | undefined;
  readonly mdns: boolean;
  readonly demo: boolean;
}

const valueOf = (argv: readonly string[], name: string): string | undefined => {
  const inline = argv.find((word) => word.startsWith(`--${name}=`));
  if (inline !== undefined) return inline.slice(name.length + 3);
  const at = argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (argv[at + 1] ?? "");
};

/** Throws `bad_arguments`. */
export const readAppArguments = (argv: readonly string[]): AppArguments => {
  const [profile, port] = [valueOf(argv, "profile"), valueOf(argv, "port")];
  if (profile === "") throw new AppError("bad_arguments", "--profile needs a profile's name or folder.");
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    throw new AppError("bad_arguments", `--port takes a whole number from 0 to 65535, not "${port}".`);
  return {
    profile,
    port: port === undefined ? undefined : Number(port),
    mdns: !argv.includes("--no-mdns"),
    demo: argv.includes("--demo"),
  };
};
