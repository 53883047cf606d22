import "./page.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { withWords } from "../parts/late-part.tsx";
import { readAddress } from "./address.ts";
import { openDisplay } from "./open-display.ts";
import { openSignIn } from "./open-sign-in.ts";
import { openServedVersion } from "./open-version.ts";
import { Page } from "./Page.tsx";
import { PageBoundary } from "./PageBoundary.tsx";

const DisplayPage = lazy(() => withWords("wallboard", import("./DisplayPage.tsx")));

const root = document.getElementById("root");
if (root === null) throw new Error("dashboard/index.html has no element with the id root. Add one: the page renders into it.");
const display = openDisplay();
const signIn = display === null ? openSignIn((query) => readAddress(query).instanceId) : null;
const version = openServedVersion();
createRoot(root).render(
  <StrictMode>
    <PageBoundary onFailure={() => version.reloadAfterFailure()}>
      {signIn !== null && <Page signIn={signIn} />}
      {display !== null && (
        <Suspense>
          <DisplayPage link={display} />
        </Suspense>
      )}
    </PageBoundary>
  </StrictMode>,
);
