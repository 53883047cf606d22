import { useEffect, useState, useSyncExternalStore } from "react";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { createAgentClient } from "../../client/agent-client.ts";
import { fetchTicket } from "../../client/fetch-ticket.ts";
import { AgentBoard } from "../AgentBoard.tsx";
import { browserStorage } from "../parts/browser-storage.ts";
import { useWords } from "../parts/words.ts";
import { chooseLocale, createText, type Locale } from "../text/text.ts";
import { readAddress } from "./address.ts";
import type { DisplayAccess } from "./display-link.ts";

/** A screen has nobody who reloads it. A hub whose settings were wrong for a while may accept the link again. */
const TRY_AGAIN_MS = 5 * 60_000;

/** The wallboard that a display link signs in. It shows and asks nothing else. */
export default function DisplayPage({ link }: { link: DisplayAccess }) {
  const [address] = useState(() => readAddress(new URLSearchParams(location.search)));
  const [storage] = useState(browserStorage);
  const [locale] = useState(() => chooseLocale([address.lang, storage?.getItem("vigia.locale"), ...navigator.languages]));
  const shownLocale = useWords(locale);
  const [client] = useState(() =>
    createAgentClient({
      url: location.origin,
      instanceId: link.instanceId,
      getTicket: (request) => fetchTicket(request, { headers: { authorization: `Display ${link.secret}` } }),
    }),
  );
  const center = useSyncExternalStore(client.subscribeConnection, client.center);
  const { status, error } = useSyncExternalStore(client.subscribeConnection, client.connection);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    if (status === "live") setRefused(false);
    if (status === "unauthorized" || (status === "closed" && error === CLOSE.revoked.reason)) setRefused(true);
  }, [status, error]);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    if (!isRefused) return;
    const timer = setInterval(client.reconnect, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client, isRefused]);

  return (
    <>
      {isRefused && shownLocale !== null && <RefusedDisplay locale={shownLocale} />}
      <div className="page-display" hidden={isRefused}>
        <AgentBoard
          client={client}
          title={address.title ?? center?.name ?? link.instanceId.slice(0, 8)}
          locale={locale}
          theme={address.theme ?? "auto"}
          tv={true}
          view={address.view}
          storage={null}
          onTv={leaveWallboard}
        />
      </div>
    </>
  );
}

/** Says on the screen that its link ended, and what to do. */
function RefusedDisplay({ locale }: { locale: Locale }) {
  const text = createText(locale);
  return (
    <main className="page-display-refused" role="alert">
      <h1>{text.text("display.refused")}</h1>
      <p>{text.text("display.refusedWhy")}</p>
      <p>{text.text("display.refusedNext")}</p>
    </main>
  );
}

/** Opens the board for a person, who signs in. The link stays in the browser. */
function leaveWallboard(): void {
  const query = new URLSearchParams(location.search);
  query.delete("tv");
  location.assign(`?${query}`);
}
