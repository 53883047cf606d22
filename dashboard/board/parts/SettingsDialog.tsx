import "../styles/tools.css";
import { type FormEvent, lazy, Suspense, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { useAgentClient } from "../../react/provider.tsx";
import { isAlias, type Preferences } from "../model/preferences.ts";
import { ruleNameOf } from "../model/rule-words.ts";
import type { CenterRulesReading } from "./alerts/center-rules.ts";
import { RulesForm } from "./alerts/RulesForm.tsx";
import { useRulesEditing } from "./alerts/rules-editing.ts";
import { TargetTests } from "./alerts/TargetTests.tsx";
import { useText } from "./board-context.ts";

/** Few people need it, so it is loaded with the first settings of an admin. */
const DisplayLinks = lazy(() => import("./DisplayLinks.tsx").catch(() => ({ default: NoDisplayLinks })));

interface SettingsDialogProps {
  preferences: Preferences;
  /** The center's rules. */
  rules: CenterRulesReading;
  onSave: (change: Partial<Preferences>) => void;
  /** Opens the audit, for an admin. */
  onAudit: () => void;
  onClose: () => void;
}

/** Edits what this browser keeps, and the center's rules. */
export default function SettingsDialog({ preferences, rules, onSave, onAudit, onClose }: SettingsDialogProps) {
  const client = useAgentClient();
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [alias, setAlias] = useState(preferences.connectAlias);
  const [mutedRules, setMutedRules] = useState(preferences.mutedRules);
  const editing = useRulesEditing(rules);
  const mayEdit = rules.answer.roles?.includes("admin") ?? false;
  const { reload } = rules;
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // Somebody may have saved other rules since the board was opened.
  useEffect(() => void reload(), [reload]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (mayEdit && !(await editing.save())) return;
    onSave({ connectAlias: isAlias(alias) ? alias : "", mutedRules });
    onClose();
  };

  return (
    <dialog ref={dialog} className="vg-dialog vg-settings" aria-labelledby={id} onCancel={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{text.text("settings.title")}</h2>
        <section aria-label={text.text("settings.own")}>
          <h3>{text.text("settings.own")}</h3>
          <label className="vg-field">
            <span>{text.text("settings.alias")}</span>
            <input
              type="text"
              value={alias}
              pattern="[A-Za-z0-9]+(-[A-Za-z0-9]+)*"
              spellCheck={false}
              onChange={(event) => setAlias(event.target.value)}
            />
          </label>
          {mutedRules.length > 0 && (
            <fieldset className="vg-checks">
              <legend>{text.text("settings.muted")}</legend>
              {mutedRules.map((rule) => (
                <label key={rule} className="vg-check">
                  <input
                    type="checkbox"
                    checked={true}
                    onChange={() => setMutedRules(mutedRules.filter((other) => other !== rule))}
                  />
                  {ruleNameOf(rule, rules.answer.rules, text)}
                </label>
              ))}
            </fieldset>
          )}
          <p className="vg-sub">{text.text("settings.local")}</p>
        </section>
        <RulesForm editing={editing} mayEdit={mayEdit} />
        {mayEdit && <TargetTests targets={rules.answer.targets} />}
        {mayEdit && (
          <Suspense>
            <DisplayLinks ask={client.ask} />
          </Suspense>
        )}
        <div className="vg-dialog-actions">
          {mayEdit && (
            <button type="button" className="vg-button vg-audit-open" onClick={onAudit}>
              {text.text("audit.open")}
            </button>
          )}
          <button type="button" className="vg-button" onClick={onClose}>
            {text.text("action.cancel")}
          </button>
          <button type="submit" className="vg-button vg-primary" disabled={editing.waiting}>
            {text.text("action.save")}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** A page that is older than the newest deployment finds no part of its own any more. */
function NoDisplayLinks() {
  return <p role="status">{useText().text("displays.missing")}</p>;
}
