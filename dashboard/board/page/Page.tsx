import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { createAgentClient } from "../../client/agent-client.ts";
import { fetchTicket, TicketError } from "../../client/fetch-ticket.ts";
import { AgentBoard } from "../AgentBoard.tsx";
import { browserStorage } from "../parts/browser-storage.ts";
import { withWords } from "../parts/late-part.tsx";
import { useWords } from "../parts/words.ts";
import { chooseLocale, type Locale } from "../text/text.ts";
import { type Address, readAddress } from "./address.ts";
import { AddressBar } from "./address-bar.ts";
import { useNoDialogWhile } from "./open-dialogs.ts";
import { readerStorage } from "./reader-storage.ts";
import type { SignIn, SignInStage } from "./sign-in.ts";
import { TabIdentity, tokenInHash } from "./tab-identity.ts";
import { tabStorage } from "./tab-storage.ts";

const LOCALE_KEY = "vigia.locale";
const THEME_KEY = "vigia.theme";

const SignInDialog = lazy(() => withWords("signIn", import("./SignInDialog.tsx")));
const SignInPage = lazy(() => withWords("signIn", import("./SignInPage.tsx")));

/** The page that the hub serves: one board. It keeps the view in the address and lets people sign in. */
export function Page({ signIn }: { signIn: SignIn }) {
  const [address] = useState(() => readAddress(new URLSearchParams(location.search)));
  const [storage] = useState(browserStorage);
  const [bar] = useState(() => new AddressBar());
  const [preferences] = useState(() => readerStorage(storage, { reader: () => signIn.reader, subscribe: signIn.subscribe }));
  const [locale, setLocale] = useState(() => chooseLocale([address.lang, storage?.getItem(LOCALE_KEY), ...navigator.languages]));
  const shownLocale = useWords(locale);
  const [theme, setTheme] = useState(() => address.theme ?? readTheme(storage?.getItem(THEME_KEY) ?? null));
  const [identity] = useState(tabIdentity);
  const stage = useSyncExternalStore(signIn.subscribe, () => signIn.stage);
  const [client] = useState(() =>
    createAgentClient({
      url: location.origin,
      instanceId: address.instanceId,
      getTicket: async (request) => {
        const own = await signIn.token(request.reason);
        // Where the page signs people in, a token from the address counts for nothing and is not kept.
        if (own !== null) identity.forgetToken();
        const token = own ?? identity.token;
        try {
          const ticket = await fetchTicket(request, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });
          signIn.accepted();
          return ticket;
        } catch (error) {
          if (error instanceof TicketError && (error.status === 401 || error.status === 403)) {
            signIn.refused(error, identity.token !== null);
            identity.forgetToken();
          }
          throw error;
        }
      },
    }),
  );
  const center = useSyncExternalStore(client.subscribeConnection, client.center);
  const title = address.title ?? center?.name ?? address.instanceId.slice(0, 8);
  const [openAlerts, setOpenAlerts] = useState(0);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    document.title = `${openAlerts === 0 ? "" : `(${openAlerts}) `}Vigía · ${title}`;
  }, [openAlerts, title]);

  useNoDialogWhile(!showsBoard(stage));
  const changeLocale = (next: Locale) => {
    setLocale(next);
    storage?.setItem(LOCALE_KEY, next);
    bar.remember({ lang: next });
  };
  const signOut = () => {
    // The next reader begins with the address as it is.
    bar.write();
    void signIn.signOut();
  };
  const board = (
    <div className="page-board" hidden={!showsBoard(stage)}>
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
        at={address.at}
        onAt={(at) => bar.remember({ at })}
        day={address.day}
        onDay={(day) => bar.remember({ day })}
        onTv={(tv) => bar.remember({ tv })}
        storage={preferences}
        onLocale={changeLocale}
        onTheme={(next) => {
          setTheme(next);
          storage?.setItem(THEME_KEY, next);
          bar.remember({ theme: next });
        }}
        onOpenAlerts={setOpenAlerts}
        onSignIn={() => void signIn.begin()}
        onSignOut={signIn.canSignOut ? signOut : undefined}
      />
    </div>
  );
  return (
    <>
      {keepsBoard(stage) && board}
      <Suspense>
        {stage.kind === "paste" && shownLocale !== null && (
          <SignInDialog
            locale={shownLocale}
            refused={stage.refused}
            onToken={(token) => {
              identity.keepToken(token);
              signIn.close();
              client.reconnect();
            }}
            onClose={() => signIn.close()}
          />
        )}
        {!showsBoard(stage) && shownLocale !== null && (
          <SignInPage
            stage={stage}
            center={address.title}
            locale={shownLocale}
            theme={theme}
            onLocale={changeLocale}
            onSignIn={() => void signIn.begin()}
            onSignOut={signIn.canSignOut ? () => void signIn.signOut() : null}
          />
        )}
      </Suspense>
    </>
  );
}

/** Whether the reader sees the board. Otherwise a page of its own says what stands between. */
function showsBoard({ kind }: SignInStage): boolean {
  return kind === "board" || kind === "paste";
}

/** Whether the board goes on without being seen, because no person has to do anything. */
function keepsBoard(stage: SignInStage): boolean {
  return showsBoard(stage) || stage.kind === "busy" || stage.kind === "issuerDown";
}

function readTheme(text: string | null): NonNullable<Address["theme"]> {
  return readAddress(new URLSearchParams({ theme: text ?? "" })).theme ?? "auto";
}

function tabIdentity(): TabIdentity {
  const identity = new TabIdentity(tabStorage());
  const token = tokenInHash(location.hash);
  if (token !== null) {
    identity.keepToken(token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return identity;
}
