import "./page.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { openDisplay } from "./open-display.ts";
import { Page } from "./Page.tsx";

const DisplayPage = lazy(() => import("./DisplayPage.tsx"));

const root = document.getElementById("root");
if (root === null) throw new Error("dashboard/index.html has no element with the id root. Add one: the page renders into it.");
const display = openDisplay();
createRoot(root).render(
  <StrictMode>
    {display === null ? (
      <Page />
    ) : (
      <Suspense>
        <DisplayPage link={display} />
      </Suspense>
    )}
  </StrictMode>,
);
