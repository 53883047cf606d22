import { refuseUsage } from "./tools.ts";

/**
 * Returns the origin of a hub's address from the command line. People copy it from the browser, with a slash at its end. Ends the
 * process for anything else, because a path would lead every request to another address.
 * @param flag the option that has the address, such as `--hub`
 * @param given undefined = the option is not there
 */
export function hubAddress(flag: string, given: string | undefined, usage: string): string | undefined {
  if (given === undefined) return undefined;
  const url = URL.parse(given);
  const isOrigin = url?.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (url !== null && isOrigin && /^https?:$/.test(url.protocol)) return url.origin;
  return refuseUsage(`${flag} must be an address without path, query or login, such as https://board.example.com.`, usage);
}
