/**
 * What a command of the command line is: its words, its help, and what it asks of the host. Its arguments are read to the end before
 * a profile is touched, so that what is mistyped changes nothing.
 */
import type { Host } from "../../shared/ipc/contract.ts";
import type { EntryFiles } from "../host/entry-files.ts";
import type { Profile } from "../host/profile.ts";
import type { OptionName, Words } from "./arguments.ts";
import type { Need } from "./reach.ts";

export interface Answer {
  /** What `--json` prints. */
  readonly json: unknown;
  /** What a person reads, without a line break at its end. */
  readonly text: string;
  /** What was asked was found out, and it is bad: said to standard error, exit status 1. */
  readonly failure?: string;
  /** What must go on in this process after the answer was printed, if it is the host itself. */
  readonly after?: () => Promise<void>;
}

export interface Io {
  /** A line of progress or advice, to standard error. */
  say(line: string): void;
  /** Calls back at Ctrl+C instead of ending the process, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
}

/** The rest of a command once its words were read. */
export type Action = (host: Host, io: Io) => Promise<Answer>;

interface CommonParts {
  /** `order set` */
  readonly name: string;
  /** `ID field=value…`; empty when it takes nothing. */
  readonly synopsis: string;
  readonly about: string;
  readonly options: readonly { readonly name: OptionName; readonly value?: string; readonly about: string }[];
  /** How many words follow the name, at least and at most. */
  readonly takes: readonly [min: number, max: number];
}

export interface RequestCommand extends CommonParts {
  readonly kind: "request";
  readonly need: Need;
  /** `words` are those after the name. Throws `bad_arguments`. */
  prepare(words: Words): Action;
}

export interface HostCommand extends CommonParts {
  readonly kind: "host";
  /** Runs until it is told to end. `printLine` writes one line to standard output. */
  prepare(words: Words): (profile: Profile, files: EntryFiles, printLine: (line: string) => void) => Promise<void>;
}

export type Command = RequestCommand | HostCommand;
