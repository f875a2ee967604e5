/**
 * What the kill tests share: a child process that works on a database and prints what it may not lose, killed with SIGKILL at a random
 * point. The variable KILLS says how often each of these tests kills; `npm run soak` sets it, without it a test takes its own small number.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import fc from "fast-check";

/** The variable's name; read only here and named in the replay command. */
export const KILLS = "KILLS";
/** Kills on one folder, one after the other; a property's run is one folder. */
const KILLS_A_FOLDER = 10;
/** What a kill may take on a busy machine, with the check after it. */
const KILL_MS = 15_000;

/** When to kill: so long after the child printed so many lines. */
export interface Kill {
  readonly lines: number;
  readonly moreMs: number;
}

/** How often a test kills: `bounded` times, or as often as the variable says. */
export const killPlan = (bounded: number): { readonly folders: number; readonly timeout: number } => {
  const kills = Number(process.env[KILLS] ?? bounded);
  if (!Number.isSafeInteger(kills) || kills < 1) throw new RangeError(`${KILLS} takes a number of kills, not ${process.env[KILLS]}`);
  return { folders: Math.ceil(kills / KILLS_A_FOLDER), timeout: kills * KILL_MS + 60_000 };
};

/** The kills on one folder. `maxLines` and `maxMs` bound how far the child gets. */
export const killsOfFolder = (maxLines: number, maxMs: number): fc.Arbitrary<readonly Kill[]> =>
  fc.array(
    fc.record({
      // One line says that the child is about to open the file: a part of the kills falls into that.
      lines: fc.oneof({ weight: 1, arbitrary: fc.constant(1) }, { weight: 3, arbitrary: fc.integer({ min: 2, max: maxLines }) }),
      moreMs: fc.nat({ max: maxMs }),
    }),
    { minLength: KILLS_A_FOLDER, maxLength: KILLS_A_FOLDER },
  );

/** Runs a script and kills it as told. The whole lines it printed; rejects with what it complained of if it ended by itself. */
export const killed = (script: string, args: readonly string[], { lines, moreMs }: Kill): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, complaint, seen, isKilling] = ["", "", 0, false];
    const killIfDue = (): void => {
      if (isKilling || seen < lines) return;
      isKilling = true;
      setTimeout(() => child.kill("SIGKILL"), moreMs);
    };
    child.stderr.on("data", (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      seen += text.split("\n").length - 1;
      killIfDue();
    });
    child.on("error", reject);
    child.on("spawn", killIfDue);
    // A line that the kill cut short acknowledged nothing.
    child.on("close", (_code, signal) =>
      signal === "SIGKILL" ? resolve(out.split("\n").slice(0, -1)) : reject(new Error(`the child ended by itself: ${complaint}`)),
    );
  });
