/**
 * Which machine this is, as a hash that cannot be turned back: so that a device key in a copied profile is noticed elsewhere.
 * It guards against accidents, not thieves. Sources: machine-id(5), IOPlatformUUID, MachineGuid.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

const COMMANDS: Readonly<Record<string, { readonly file: string; readonly args: readonly string[]; readonly pattern: RegExp }>> = {
  darwin: { file: "/usr/sbin/ioreg", args: ["-rd1", "-c", "IOPlatformExpertDevice"], pattern: /"IOPlatformUUID" = "([^"]+)"/ },
  win32: {
    file: "reg.exe",
    args: ["query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid", "/reg:64"],
    pattern: /MachineGuid\s+REG_SZ\s+(\S+)/,
  },
};
const FILES = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

const fromFile = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    return undefined; // absent in many containers; the next source is asked
  }
};

const machineId = (): string | undefined => {
  const command = COMMANDS[process.platform];
  if (command === undefined) return FILES.map(fromFile).find((id) => id !== undefined);
  try {
    return command.pattern.exec(execFileSync(command.file, command.args, { encoding: "utf8", timeout: 5000, windowsHide: true }))?.[1];
  } catch {
    return undefined; // no such tool or no right to ask: then nothing is known of the machine
  }
};

/** Hex, or null where the system names no machine: then a key is not tied to one. */
export const machineHash = (): string | null => {
  const id = machineId();
  return id === undefined ? null : createHash("sha256").update(`switchyard-machine\n${id}`).digest("hex");
};

/** What others see this device called until somebody renames it: the host's name without its domain. */
export const hostDeviceName = (): string => hostname().split(".")[0] ?? "";
