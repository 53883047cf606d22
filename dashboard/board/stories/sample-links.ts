import type { WallboardLink } from "../model/display-links.ts";
import type { AskHub } from "../parts/wallboard-links.ts";
import { NOW } from "./story-list.ts";

const DAY = 24 * 60 * 60_000;
const LINKS: readonly WallboardLink[] = [
  {
    name: "Sala norte",
    groups: ["*"],
    madeAt: NOW - 40 * DAY,
    madeBy: "Eva Luna",
    usedAt: NOW - 600_000,
    expiresAt: NOW + 325 * DAY,
  },
  { name: "Cocina", groups: ["Ventas", "Soporte"], madeAt: NOW, madeBy: "Eva Luna", usedAt: null, expiresAt: NOW + 365 * DAY },
];

/** Answers as a hub with two links does, which makes one more for everybody who asks. */
export const answerLinks: AskHub = async ({ method }) => {
  const made = { url: "https://vigia.example.com/#display=vgd_sample&instance=sample", expiresAt: NOW + 365 * DAY };
  return { status: 200, body: method === "GET" ? { data: LINKS } : made };
};
