import { actionsEsMX } from "./actions-es-mx.ts";
import { alertPanelEsMX } from "./alert-panel-es-mx.ts";
import { auditEsMX } from "./audit-es-mx.ts";
import { displaysEsMX } from "./displays-es-mx.ts";
import { filesEsMX } from "./files-es-mx.ts";
import { keysEsMX } from "./keys-es-mx.ts";
import type { Messages } from "./messages.ts";
import { recordingEsMX } from "./recording-es-mx.ts";
import { replayEsMX } from "./replay-es-mx.ts";
import { rulesEsMX } from "./rules-es-mx.ts";
import { settingsEsMX } from "./settings-es-mx.ts";
import type { toolsEn } from "./tools-en.ts";
import { viewsEsMX } from "./views-es-mx.ts";

/** Spanish texts of menus, dialogs, the panel of alerts and the history. */
export const toolsEsMX: Pick<Messages, keyof typeof toolsEn> = {
  ...actionsEsMX,
  ...alertPanelEsMX,
  ...auditEsMX,
  ...displaysEsMX,
  ...filesEsMX,
  ...keysEsMX,
  ...recordingEsMX,
  ...replayEsMX,
  ...rulesEsMX,
  ...settingsEsMX,
  ...viewsEsMX,
};
