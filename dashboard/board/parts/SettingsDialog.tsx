import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { isAlias, type Preferences } from "../model/preferences.ts";
import { DEFAULT_THRESHOLDS } from "../model/threshold-alerts.ts";
import { type DraftResult, draftOf, type ThresholdDraft, thresholdsOf } from "../model/threshold-draft.ts";
import { LIMITED } from "../model/thresholds.ts";
import { useText } from "./board-context.ts";

interface SettingsDialogProps {
  preferences: Preferences;
  onSave: (change: Partial<Preferences>) => void;
  onClose: () => void;
}

/** Edits the thresholds and the alias for links to contacts. */
export function SettingsDialog({ preferences, onSave, onClose }: SettingsDialogProps) {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [draft, setDraft] = useState(() => draftOf(preferences.thresholds));
  const [alias, setAlias] = useState(preferences.connectAlias);
  const [fault, setFault] = useState<Extract<DraftResult, { ok: false }>["fault"] | null>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = thresholdsOf(draft);
    if (!result.ok) return setFault(result.fault);
    onSave({ thresholds: result.thresholds, connectAlias: isAlias(alias) ? alias : "" });
    onClose();
  };
  const change = (part: Partial<ThresholdDraft>) => {
    setDraft({ ...draft, ...part });
    setFault(null);
  };

  return (
    <dialog ref={dialog} className="vg-dialog" aria-labelledby={id} onCancel={onClose}>
      <form onSubmit={submit}>
        <h2 id={id}>{text.text("settings.title")}</h2>
        <StatusLimits draft={draft} onChange={(status) => change({ status })} />
        <fieldset className="vg-fields">
          <legend>{text.text("settings.score")}</legend>
          <NumberField
            label={text.text("settings.scoreWarn")}
            value={draft.scoreWarn}
            min={-5}
            max={5}
            step={0.1}
            onChange={(scoreWarn) => change({ scoreWarn })}
          />
          <NumberField
            label={text.text("settings.scoreCritical")}
            value={draft.scoreCritical}
            min={-5}
            max={5}
            step={0.1}
            onChange={(scoreCritical) => change({ scoreCritical })}
          />
        </fieldset>
        <fieldset className="vg-fields">
          <legend>{text.text("settings.drop")}</legend>
          <NumberField
            label={text.text("settings.dropPoints")}
            value={draft.dropPoints}
            min={0.1}
            max={10}
            step={0.1}
            onChange={(dropPoints) => change({ dropPoints })}
          />
          <NumberField
            label={text.text("settings.dropSeconds")}
            value={draft.dropSeconds}
            min={1}
            max={3600}
            step={1}
            onChange={(dropSeconds) => change({ dropSeconds })}
          />
        </fieldset>
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
        {fault !== null && (
          <p className="vg-banner" data-tone="bad" role="alert">
            {fault === "score"
              ? text.text("settings.scoreOrderWrong")
              : text.text("settings.orderWrong", { status: text.text(`status.${fault}`) })}
          </p>
        )}
        <p className="vg-sub">{text.text("settings.local")}</p>
        <div className="vg-dialog-actions">
          <button type="button" className="vg-button vg-quiet" onClick={() => change(draftOf(DEFAULT_THRESHOLDS))}>
            {text.text("settings.defaults")}
          </button>
          <span className="vg-space" />
          <button type="button" className="vg-button" onClick={onClose}>
            {text.text("action.cancel")}
          </button>
          <button type="submit" className="vg-button vg-primary">
            {text.text("action.save")}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function StatusLimits({ draft, onChange }: { draft: ThresholdDraft; onChange: (status: ThresholdDraft["status"]) => void }) {
  const text = useText();
  return (
    <table className="vg-limits">
      <caption>{text.text("settings.thresholds")}</caption>
      <thead>
        <tr>
          <th scope="col">{text.text("settings.status")}</th>
          <th scope="col">{text.text("settings.warn")}</th>
          <th scope="col">{text.text("settings.critical")}</th>
        </tr>
      </thead>
      <tbody>
        {LIMITED.map((name) => {
          const words = text.text(`status.${name}`);
          const limits = draft.status[name] ?? { warn: "", critical: "" };
          return (
            <tr key={name}>
              <th scope="row">{words}</th>
              <td>
                <NumberInput
                  label={text.text("settings.warnOf", { status: words })}
                  value={limits.warn}
                  onChange={(warn) => onChange({ ...draft.status, [name]: { ...limits, warn } })}
                />
              </td>
              <td>
                <NumberInput
                  label={text.text("settings.criticalOf", { status: words })}
                  value={limits.critical}
                  onChange={(critical) => onChange({ ...draft.status, [name]: { ...limits, critical } })}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function NumberInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <input
      type="number"
      aria-label={label}
      min={0}
      max={86_400}
      step={1}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface NumberFieldProps {
  label: string;
  value: string;
  min: number;
  max: number;
  step: number;
  onChange: (value: string) => void;
}

function NumberField({ label, value, min, max, step, onChange }: NumberFieldProps) {
  return (
    <label className="vg-field">
      <span>{label}</span>
      <input
        type="number"
        required
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
