/**
 * Which links to listen and ask on: one for each network interface and family, loopback only when it is all there is.
 * A change of address is another key, so that the socket is closed and opened again. Pure; the list is the system's.
 */
import { isLinkLocal } from "./records.ts";

/** As `os.networkInterfaces()` gives it; only interfaces that are up are in it. */
export type Interfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

interface InterfaceAddress {
  readonly address: string;
  /** Some versions of Node say 4 and 6. */
  readonly family: string | number;
  readonly internal: boolean;
  readonly scopeid?: number;
}

export type Link =
  | { readonly key: string; readonly family: 4; readonly address: string; readonly isLoopback: boolean }
  /** `scope` is the interface's name, on Windows its number. */
  | { readonly key: string; readonly family: 6; readonly scope: string; readonly isLoopback: false };

/** A machine with more (containers, virtual switches) is asked on the first of them. */
const MAX_LINKS = 32;

/** `byNumber`: Windows names an IPv6 scope by its number. */
export const linksOf = (interfaces: Interfaces, byNumber: boolean): readonly Link[] => {
  const links: Link[] = [];
  const loopbacks: Link[] = [];
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    const v4 = addresses.find(({ family }) => family === "IPv4" || family === 4);
    if (v4 !== undefined) {
      const link: Link = { key: `4 ${name} ${v4.address}`, family: 4, address: v4.address, isLoopback: v4.internal };
      (v4.internal ? loopbacks : links).push(link);
    }
    const v6 = addresses.filter(({ family, internal }) => (family === "IPv6" || family === 6) && !internal);
    const local = v6.find(({ address }) => isLinkLocal(address)) ?? v6[0];
    if (local !== undefined) {
      const scope = byNumber ? String(local.scopeid ?? 0) : name;
      links.push({ key: `6 ${name} ${local.address} ${local.scopeid ?? 0}`, family: 6, scope, isLoopback: false });
    }
  }
  return (links.length > 0 ? links : loopbacks).slice(0, MAX_LINKS);
};
