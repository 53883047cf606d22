// Loaded into every command of a test with `node --import`. It stands in for DNS and certificates: requests to a name of
// NAMES_OF_TEST go to this machine. Everything else is refused, so that no test asks the internet.
const names = new Map<string, string>(Object.entries(JSON.parse(process.env["NAMES_OF_TEST"] ?? "{}")));
const real = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const local = names.get(url.origin);
  if (local !== undefined) return real(`${local}${url.pathname}${url.search}`, init);
  if (url.hostname === "127.0.0.1" || url.hostname === "localhost") return real(input, init);
  return Promise.reject(new Error(`${url.origin} is not on this machine.`));
};
