import { useEffect, useState } from "react";
import { createAgentClient } from "../../client/agent-client.ts";
import { fetchTicket, TicketError } from "../../client/fetch-ticket.ts";
import { AgentBoard } from "../AgentBoard.tsx";
import { browserStorage } from "../parts/browser-storage.ts";
import { chooseLocale } from "../text/text.ts";
import { type Address, readAddress } from "./address.ts";
import { AddressBar } from "./address-bar.ts";
import { SignInDialog } from "./SignInDialog.tsx";
import { TabIdentity, tokenInHash } from "./tab-identity.ts";

const LOCALE_KEY = "vigia.locale";
const THEME_KEY = "vigia.theme";

/** The page that the hub serves: one board. It keeps the view in the address and lets people sign in. */
export function Page() {
  const [address] = useState(() => readAddress(new URLSearchParams(location.search)));
  const [storage] = useState(browserStorage);
  const [bar] = useState(() => new AddressBar());
  const [locale, setLocale] = useState(() => chooseLocale([address.lang, storage?.getItem(LOCALE_KEY), ...navigator.languages]));
  const [theme, setTheme] = useState(() => address.theme ?? readTheme(storage?.getItem(THEME_KEY) ?? null));
  const [identity] = useState(tabIdentity);
  const [asking, setAsking] = useState<"no" | "first" | "refused">("no");
  const [client] = useState(() =>
    createAgentClient({
      url: location.origin,
      instanceId: address.instanceId,
      getTicket: async (request) => {
        const { token } = identity;
        try {
          return await fetchTicket(request, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });
        } catch (error) {
          if (error instanceof TicketError && (error.status === 401 || error.status === 403)) {
            setAsking(identity.token === null ? "first" : "refused");
            identity.forgetToken();
          }
          throw error;
        }
      },
    }),
  );
  const title = address.title ?? address.instanceId.slice(0, 8);
  const [openAlerts, setOpenAlerts] = useState(0);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    document.title = `${openAlerts === 0 ? "" : `(${openAlerts}) `}Vigía · ${title}`;
  }, [openAlerts, title]);

  return (
    <>
      <AgentBoard
        client={client}
        title={title}
        locale={locale}
        theme={theme}
        tv={address.tv}
        view={address.view}
        onView={(view) => bar.remember({ view })}
        agentId={address.agentId}
        onAgentId={(agentId) => bar.remember({ agentId })}
        onTv={(tv) => bar.remember({ tv })}
        onLocale={(next) => {
          setLocale(next);
          storage?.setItem(LOCALE_KEY, next);
          bar.remember({ lang: next });
        }}
        onTheme={(next) => {
          setTheme(next);
          storage?.setItem(THEME_KEY, next);
          bar.remember({ theme: next });
        }}
        onOpenAlerts={setOpenAlerts}
        onSignIn={() => setAsking("first")}
      />
      {asking !== "no" && (
        <SignInDialog
          locale={locale}
          refused={asking === "refused"}
          onToken={(token) => {
            identity.keepToken(token);
            setAsking("no");
            client.reconnect();
          }}
          onClose={() => setAsking("no")}
        />
      )}
    </>
  );
}

function readTheme(text: string | null): NonNullable<Address["theme"]> {
  return readAddress(new URLSearchParams({ theme: text ?? "" })).theme ?? "auto";
}

function tabIdentity(): TabIdentity {
  const identity = new TabIdentity(sessionStorage);
  const token = tokenInHash(location.hash);
  if (token !== null) {
    identity.keepToken(token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return identity;
}
