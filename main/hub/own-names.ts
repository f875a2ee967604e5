/**
 * Who may talk to the board's server: any web page can reach loopback, so only requests for our own exact names count, and writes and
 * WebSockets only from pages of that very origin. This is what stops DNS rebinding and cross-site requests. Source: trust.md.
 */

/** The only values of `Host` that are answered. */
export const ownHosts = (port: number): ReadonlySet<string> => new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);

export const isOwnHost = (hosts: ReadonlySet<string>, host: string | undefined): host is string => host !== undefined && hosts.has(host);

/** A page of the same name and port that was asked for: `Origin` is there and says so exactly. */
export const isOwnOrigin = (origin: string | undefined, host: string): boolean => origin === `http://${host}`;
