import "../styles/board.css";
import { createRoot } from "react-dom/client";
import { LOCALES, loadWordGroup, loadWords, WORD_GROUPS } from "../text/text.ts";
import { Stories } from "./Stories.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("stories/index.html has no element with the id root. Add one: the page renders into it.");
await Promise.all(WORD_GROUPS.map(loadWordGroup));
await Promise.all(LOCALES.map(loadWords));
createRoot(root).render(<Stories />);
