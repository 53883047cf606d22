import type { Channel } from "../../../protocol/agent.ts";
import type { IconName } from "./Icon.tsx";

/** The icon of each channel, for people who do not read the word. */
export const CHANNEL_ICON: Readonly<Record<Channel, IconName>> = { voice: "phone", chat: "chat", task: "task", email: "mail" };
