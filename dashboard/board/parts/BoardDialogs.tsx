import type { Preferences } from "../model/preferences.ts";
import type { CenterRulesReading } from "./alerts/center-rules.ts";
import { latePart } from "./late-part.tsx";

const AuditDialog = latePart("tools", () => import("./audit/AuditDialog.tsx"));
const KeysDialog = latePart("tools", () => import("./keys/KeysDialog.tsx"));
const SettingsDialog = latePart("tools", () => import("./SettingsDialog.tsx"));

/** The dialog over the board. Null = none. */
export type OpenDialog = "settings" | "audit" | "keys" | null;

interface BoardDialogsProps {
  open: OpenDialog;
  onOpen: (dialog: OpenDialog) => void;
  preferences: Preferences;
  rules: CenterRulesReading;
  onSave: (change: Partial<Preferences>) => void;
  /** The name of the contact center; empty = unknown. */
  center: string;
}

/** The settings, the audit that an admin opens from them, and the sheet of keys. */
export function BoardDialogs({ open, onOpen, preferences, rules, onSave, center }: BoardDialogsProps) {
  const close = () => onOpen(null);
  if (open === "audit") return <AuditDialog center={center} onClose={close} />;
  if (open === "keys") return <KeysDialog preferences={preferences} onSave={onSave} onClose={close} />;
  if (open === null) return null;
  return (
    <SettingsDialog preferences={preferences} rules={rules} onSave={onSave} onAudit={() => onOpen("audit")} onClose={close} />
  );
}
