import "./page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Page } from "./Page.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("dashboard/index.html has no element with the id root. Add one: the page renders into it.");
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
