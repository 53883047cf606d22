import "./page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { readAddress } from "./address.ts";
import { openSignIn } from "./open-sign-in.ts";
import { Page } from "./Page.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("dashboard/index.html has no element with the id root. Add one: the page renders into it.");
const signIn = openSignIn((query) => readAddress(query).instanceId);
createRoot(root).render(
  <StrictMode>
    <Page signIn={signIn} />
  </StrictMode>,
);
