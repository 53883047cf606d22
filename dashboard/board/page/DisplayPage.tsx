import { useEffect, useState, useSyncExternalStore } from "react";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { createAgentClient } from "../../client/agent-client.ts";
import { fetchTicket } from "../../client/fetch-ticket.ts";
import { AgentClientProvider } from "../../react/provider.tsx";
import { browserStorage } from "../parts/browser-storage.ts";
import Wallboard from "../parts/wallboard/Wallboard.tsx";
import { useWords } from "../parts/words.ts";
import { chooseLocale, createText, LOCALES, type Locale } from "../text/text.ts";
import { readAddress } from "./address.ts";
import type { DisplayAccess } from "./display-link.ts";

/** The wallboard that a display link signs in. It shows and asks nothing else. */
export default function DisplayPage({ link }: { link: DisplayAccess }) {
  const [address] = useState(() => readAddress(new URLSearchParams(location.search)));
  const [storage] = useState(browserStorage);
  const [locale] = useState(() => chooseLocale([address.lang, storage?.getItem("vigia.locale"), ...navigator.languages]));
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

  return (
    <>
      {isRefused && <RefusedDisplay locale={locale} />}
      <div className="page-display" hidden={isRefused}>
        <AgentClientProvider client={client}>
          <Wallboard
            client={client}
            title={address.title ?? center?.name ?? link.instanceId.slice(0, 8)}
            locale={locale}
            theme={address.theme ?? "auto"}
            view={address.view}
            storage={null}
            onLeave={null}
          />
        </AgentClientProvider>
      </div>
    </>
  );
}

/** Says on the screen that its link ended, and what to do: in all languages, because nobody knows who passes by. */
function RefusedDisplay({ locale }: { locale: Locale }) {
  return (
    <main className="page-display-refused" role="alert">
      {[locale, ...LOCALES.filter((other) => other !== locale)].map((language) => (
        <RefusalWords key={language} locale={language} />
      ))}
    </main>
  );
}

function RefusalWords({ locale }: { locale: Locale }) {
  const shown = useWords(locale);
  if (shown === null) return null;
  const text = createText(shown);
  return (
    <section lang={shown}>
      <h1>{text.text("display.refused")}</h1>
      <p>{text.text("display.refusedWhy")}</p>
      <p>{text.text("display.refusedNext")}</p>
    </section>
  );
}
