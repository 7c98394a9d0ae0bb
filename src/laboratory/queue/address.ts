import { isIP } from "node:net";
import { InvalidInput } from "../../invalid-input.ts";

/** Where a Redis or Valkey is, and how to log in. */
export interface Address {
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: { readonly servername?: string };
  };
  /** To be printed: protocol, host, port and database; never a name or a password. */
  readonly shown: string;
}

/** Keys that a run and its workers share begin with this. */
export const PREFIX = "theorycheck";

const PORT = 6379;

/**
 * The address in a URL: `redis://`, or `rediss://` for TLS, with what Node trusts (`NODE_EXTRA_CA_CERTS` adds to it). The
 * password is the URL's, or else that of `REDISCLI_AUTH`, as for redis-cli: what stands in a command line, others can read.
 *
 * @throws InvalidInput where it is no such URL. The message does not repeat it, since it may hold a password
 */
export function addressOf(url: string, env: Readonly<Record<string, string | undefined>>): Address {
  const wrong = (got: string) =>
    new InvalidInput(`--queue must be redis://HOST[:PORT][/DB], or rediss:// for TLS, got ${got}`);
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw wrong("what is no URL");
  }
  const { protocol, hostname, port, pathname, username, password, search, hash } = parsed;
  if (protocol !== "redis:" && protocol !== "rediss:") throw wrong(`the protocol ${protocol}//`);
  if (hostname === "") throw wrong("no host");
  if (!/^\/?$|^\/\d{1,4}$/.test(pathname)) throw wrong("a path that is no number of a database");
  if (search !== "" || hash !== "") throw wrong("more after the path");
  const db = Number(pathname.slice(1));
  const secret = password === "" ? (env.REDISCLI_AUTH ?? "") : decodeURIComponent(password);
  const host = hostname.replace(/^\[|\]$/g, "");
  return {
    options: {
      ...{ host, port: port === "" ? PORT : Number(port), db },
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(secret === "" ? {} : { password: secret }),
      ...(protocol === "rediss:" ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    },
    shown: `${protocol}//${hostname}:${port === "" ? PORT : port}${db === 0 ? "" : `/${db}`}`,
  };
}

/** @throws InvalidInput where a name cannot begin keys */
export function requirePrefix(prefix: string): string {
  if (/^[\w.-]+(:[\w.-]+)*$/.test(prefix)) return prefix;
  throw new InvalidInput(`--prefix must be letters, digits, _, . and -, joined by :, got ${JSON.stringify(prefix)}`);
}
