/**
 * The line that restores a backup on the command line: for a board in a browser, which may not do it itself. It names the profile by its
 * folder, so it is right whatever the profile is called.
 */
import type { Backup } from "../../shared/ipc/answers.ts";

const PLAIN = /^[\w./:@%+,=-]+$/;

/** In double quotes, which every shell knows; in single ones where a shell would read something into double ones. */
const quoted = (text: string): string => {
  if (PLAIN.test(text)) return text;
  return /["$`]/.test(text) ? `'${text.replaceAll("'", String.raw`'\''`)}'` : `"${text}"`;
};

/** Backups lie in `backups` of the profile's folder (`main/host/backup-folder.ts`). */
const profileOf = (file: string): string | undefined => /^(.*[^/\\])[/\\]backups[/\\][^/\\]+$/.exec(file)?.[1];

export const restoreLine = ({ file }: Pick<Backup, "file">): string => {
  const profile = profileOf(file);
  return `npm run --silent cli --${profile === undefined ? "" : ` --profile ${quoted(profile)}`} restore ${quoted(file)}`;
};
