import "../styles/board.css";
import { createRoot } from "react-dom/client";
import { Stories } from "./Stories.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(<Stories />);
