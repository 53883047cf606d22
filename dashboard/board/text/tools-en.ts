import { actionsEn } from "./actions-en.ts";
import { alertPanelEn } from "./alert-panel-en.ts";
import { auditEn } from "./audit-en.ts";
import { displaysEn } from "./displays-en.ts";
import { filesEn } from "./files-en.ts";
import { keysEn } from "./keys-en.ts";
import { recordingEn } from "./recording-en.ts";
import { replayEn } from "./replay-en.ts";
import { rulesEn } from "./rules-en.ts";
import { settingsEn } from "./settings-en.ts";
import { viewsEn } from "./views-en.ts";

/** English texts of menus, dialogs, the panel of alerts and the history. */
export const toolsEn = {
  ...actionsEn,
  ...alertPanelEn,
  ...auditEn,
  ...displaysEn,
  ...filesEn,
  ...keysEn,
  ...recordingEn,
  ...replayEn,
  ...rulesEn,
  ...settingsEn,
  ...viewsEn,
};
