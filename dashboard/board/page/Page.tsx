import { useEffect, useState } from "react";
import { createAgentClient } from "../../client/agent-client.ts";
import { AgentBoard } from "../AgentBoard.tsx";
import { chooseLocale } from "../text/text.ts";
import { type Address, type Choice, readAddress, writeAddress } from "./address.ts";
import { Identity, tokenInHash } from "./identity.ts";
import { SignInDialog } from "./SignInDialog.tsx";
import { requestTicket, TicketError } from "./tickets.ts";

const LOOK_KEY = "vigia.look";

/** The hub's own page: one board, the address as its memory, and the way to sign in. */
export function Page() {
  const [address] = useState(() => readAddress(new URLSearchParams(location.search)));
  const [locale, setLocale] = useState(() => chooseLocale([address.lang, remembered("locale"), ...navigator.languages]));
  const [theme, setTheme] = useState(() => address.theme ?? readTheme(remembered("theme")));
  const [identity] = useState(takeIdentity);
  const [asking, setAsking] = useState<"no" | "first" | "refused">("no");
  const [client] = useState(() =>
    createAgentClient({
      url: location.origin,
      instanceId: address.instanceId,
      getTicket: async () => {
        try {
          return await requestTicket({ hub: location.origin, instanceId: address.instanceId, token: identity.token });
        } catch (error) {
          if (error instanceof TicketError && (error.status === 401 || error.status === 403)) {
            setAsking(identity.token === null ? "first" : "refused");
            identity.forget();
          }
          throw error;
        }
      },
    }),
  );
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);

  return (
    <>
      <AgentBoard
        client={client}
        title={address.title ?? address.instanceId.slice(0, 8)}
        locale={locale}
        theme={theme}
        tv={address.tv}
        view={address.view}
        onView={(view) => remember({ view })}
        agentId={address.agentId}
        onAgentId={(agentId) => remember({ agentId })}
        onTv={(tv) => remember({ tv })}
        onLocale={(next) => {
          setLocale(next);
          localStorage.setItem(`${LOOK_KEY}.locale`, next);
          remember({ lang: next });
        }}
        onTheme={(next) => {
          setTheme(next);
          localStorage.setItem(`${LOOK_KEY}.theme`, next);
          remember({ theme: next });
        }}
        onSignIn={() => setAsking("first")}
      />
      {asking !== "no" && (
        <SignInDialog
          locale={locale}
          refused={asking === "refused"}
          onToken={(token) => {
            identity.keep(token);
            setAsking("no");
            client.reconnect();
          }}
          onClose={() => setAsking("no")}
        />
      )}
    </>
  );
}

function remember(choice: Choice): void {
  const query = writeAddress(new URLSearchParams(location.search), choice).toString();
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}

function remembered(name: "locale" | "theme"): string | null {
  return localStorage.getItem(`${LOOK_KEY}.${name}`);
}

function readTheme(text: string | null): NonNullable<Address["theme"]> {
  return readAddress(new URLSearchParams({ theme: text ?? "" })).theme ?? "auto";
}

function takeIdentity(): Identity {
  const identity = new Identity(sessionStorage);
  const token = tokenInHash(location.hash);
  if (token !== null) {
    identity.keep(token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return identity;
}
