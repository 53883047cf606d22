import { hydrateRoot } from "react-dom/client";
import { Page, type PageData } from "./Page.tsx";

const root = document.querySelector<HTMLElement>("#root");
if (root !== null) {
  const data: PageData = JSON.parse(root.dataset.page ?? "");
  hydrateRoot(root, <Page {...data} />);
}
