import { type ReactNode, useEffect, useId, useRef } from "react";
import { CHANNELS } from "../../model/contacts.ts";
import { linesOf, type RuleDraft, type RuleFault, type RuleField } from "../../model/rule-draft.ts";
import { FILTERS_OF, hasChannels, LIMIT_FORMS, type LimitUnit, minimumFieldOf } from "../../model/rule-fields.ts";
import { ruleName } from "../../model/rule-words.ts";
import { withServerWords } from "../../model/server-words.ts";
import { STATUS_ORDER } from "../../model/status-order.ts";
import { toggled } from "../../model/view.ts";
import type { Text } from "../../text/text.ts";
import { useText } from "../board-context.ts";
import { QuietHours } from "./QuietHours.tsx";
import type { PreviewedRule } from "./rules-editing.ts";

interface RuleFieldsProps {
  draft: RuleDraft;
  mayEdit: boolean;
  /** The names of all targets. */
  targets: readonly string[];
  fault: RuleFault | null;
  preview: PreviewedRule | null;
  onChange: (draft: RuleDraft) => void;
  onDelete: () => void;
}

/** One rule: its name and limits in a line, and all of it when opened. */
export function RuleFields({ draft, mayEdit, targets, fault, preview, onChange, onDelete }: RuleFieldsProps) {
  const text = useText();
  const root = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (fault === null || root.current === null) return;
    root.current.open = true;
    root.current.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [fault]);
  const { watch } = draft;
  const { unit } = LIMIT_FORMS[watch];
  const minimumField = minimumFieldOf(watch);
  const name = nameOf(draft, text);
  const wrong = (field: RuleField) => (fault?.field === field ? faultWords(fault, draft, text) : null);
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part });
  const number = (field: "warning" | "critical" | "forSeconds" | "cooldownSeconds" | "minimum", label: string) => (
    <TextField
      label={label}
      inputMode="decimal"
      value={draft[field]}
      fault={wrong(field)}
      onValue={(value) => set({ [field]: value })}
    />
  );
  return (
    <details ref={root} className="vg-rule" data-off={!draft.enabled || undefined}>
      <summary>
        <span>{name}</span>
        <span className="vg-sub">{summaryWords(draft, unit, text)}</span>
        {preview !== null && <span className="vg-chip vg-category">{previewWords(preview, text)}</span>}
      </summary>
      <fieldset disabled={!mayEdit}>
        <legend className="vg-hidden">{name}</legend>
        <label className="vg-check">
          <input type="checkbox" checked={draft.enabled} onChange={(event) => set({ enabled: event.target.checked })} />
          {text.text("rules.enabled")}
        </label>
        <div className="vg-fields">
          <TextField
            label={text.text("rules.name")}
            value={draft.title}
            fault={wrong("title")}
            onValue={(title) => set({ title })}
          />
          {number("warning", text.text("rules.warning", { unit: text.text(`unit.${unit}`) }))}
          {number("critical", text.text("rules.critical", { unit: text.text(`unit.${unit}`) }))}
          {number("forSeconds", text.text("rules.forSeconds"))}
          {number("cooldownSeconds", text.text("rules.cooldownSeconds"))}
          {minimumField !== null && number("minimum", text.text(`rules.${minimumField}`))}
        </div>
        {watch === "statusTime" && (
          <Checks
            legend={text.text("rules.statuses")}
            items={STATUS_ORDER}
            chosen={draft.statuses}
            label={(status) => text.text(`status.${status}`)}
            onToggle={(status) => set({ statuses: toggled(draft.statuses, status) })}
          />
        )}
        {hasChannels(watch) && (
          <Checks
            legend={text.text("rules.channels")}
            items={CHANNELS}
            chosen={draft.channels}
            label={(channel) => text.text(`channel.${channel}`)}
            onToggle={(channel) => set({ channels: toggled(draft.channels, channel) })}
          />
        )}
        <div className="vg-fields">
          {FILTERS_OF[watch].map((filter) => (
            <NamesField
              key={filter}
              label={text.text(`rules.${filter}`)}
              value={draft.names[filter]}
              fault={wrong(filter)}
              onValue={(value) => set({ names: { ...draft.names, [filter]: value } })}
            />
          ))}
        </div>
        <QuietHours windows={draft.quietHours} fault={wrong("quietHours")} onChange={(quietHours) => set({ quietHours })} />
        <Targets draft={draft} targets={targets} onChange={(to) => set({ to })} />
        {mayEdit && (
          <button type="button" className="vg-button vg-quiet" onClick={onDelete}>
            {text.text("action.delete", { name })}
          </button>
        )}
      </fieldset>
    </details>
  );
}

interface FieldProps {
  label: string;
  value: string;
  fault: string | null;
  onValue: (value: string) => void;
}

function TextField({ label, value, fault, onValue, inputMode }: FieldProps & { inputMode?: "decimal" }) {
  const id = useId();
  return (
    <label className="vg-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode={inputMode}
        value={value}
        maxLength={100}
        aria-invalid={fault !== null || undefined}
        aria-describedby={fault === null ? undefined : id}
        onChange={(event) => onValue(event.target.value)}
      />
      <Fault id={id} words={fault} />
    </label>
  );
}

function NamesField({ label, value, fault, onValue }: FieldProps) {
  const id = useId();
  return (
    <label className="vg-field">
      <span>{label}</span>
      <textarea
        rows={Math.min(6, value.split("\n").length + 1)}
        value={value}
        spellCheck={false}
        aria-invalid={fault !== null || undefined}
        aria-describedby={fault === null ? undefined : id}
        onChange={(event) => onValue(event.target.value)}
      />
      <Fault id={id} words={fault} />
    </label>
  );
}

function Fault({ id, words }: { id: string; words: string | null }) {
  if (words === null) return null;
  return (
    <span id={id} className="vg-refusal" role="alert">
      {words}
    </span>
  );
}

interface ChecksProps<Item extends string> {
  legend: string;
  items: readonly Item[];
  chosen: readonly Item[];
  label: (item: Item) => ReactNode;
  onToggle: (item: Item) => void;
}

/** Check boxes in lines. None of them means all. */
function Checks<Item extends string>({ legend, items, chosen, label, onToggle }: ChecksProps<Item>) {
  return (
    <fieldset className="vg-checks">
      <legend>{legend}</legend>
      {items.map((item) => (
        <label key={item} className="vg-check">
          <input type="checkbox" checked={chosen.includes(item)} onChange={() => onToggle(item)} />
          {label(item)}
        </label>
      ))}
    </fieldset>
  );
}

function Targets({
  draft,
  targets,
  onChange,
}: Pick<RuleFieldsProps, "draft" | "targets"> & { onChange: (to: RuleDraft["to"]) => void }) {
  const text = useText();
  const named = [...new Set([...targets, ...(draft.to ?? [])])];
  return (
    <fieldset className="vg-checks">
      <legend>{text.text("rules.targets")}</legend>
      <label className="vg-check">
        <input
          type="checkbox"
          checked={draft.to === null}
          onChange={(event) => onChange(event.target.checked ? null : targets)}
        />
        {text.text("rules.allTargets")}
      </label>
      {draft.to !== null &&
        named.map((target) => (
          <label key={target} className="vg-check">
            <input
              type="checkbox"
              checked={draft.to?.includes(target) ?? false}
              onChange={() => onChange(toggled(draft.to ?? [], target))}
            />
            {target}
          </label>
        ))}
    </fieldset>
  );
}

/** The name of the rule as it would be after saving. */
function nameOf({ watch, title, statuses, names }: RuleDraft, text: Text): string {
  const given = title.trim();
  return ruleName({ watch, statuses, statusNames: linesOf(names.statusNames), ...(given !== "" && { title: given }) }, text);
}

function summaryWords({ enabled, warning, critical }: RuleDraft, unit: LimitUnit, text: Text): string {
  if (!enabled) return text.text("rules.off");
  const limits = [
    warning === "" ? "" : `${text.text("alertLevel.warn")} ${warning}`,
    critical === "" ? "" : `${text.text("alertLevel.critical")} ${critical}`,
  ];
  // The minus sign that the board has everywhere else.
  return `${limits.filter((words) => words !== "").join(", ")} (${text.text(`unit.${unit}`)})`.replaceAll(" -", " −");
}

function previewWords({ warning, critical, names }: PreviewedRule, text: Text): string {
  const count = warning + critical;
  if (count === 0) return text.text("rules.wouldNot");
  const words = text.count("rules.would", count);
  return names.length === 0 ? words : `${words}: ${names.join(", ")}${count > names.length ? "…" : ""}`;
}

function faultWords({ problem, message }: RuleFault, { watch }: RuleDraft, text: Text): string {
  const { min, max, lowerIsWorse } = LIMIT_FORMS[watch];
  switch (problem) {
    case "range":
      return text.text("rules.fault.range", { min: text.number(min), max: text.number(max) });
    case "order":
      return text.text(lowerIsWorse ? "rules.fault.orderBelow" : "rules.fault.orderAbove");
    case "hub":
      return withServerWords(text.text("rules.fault.hub"), message, text);
    default:
      return text.text(`rules.fault.${problem}`);
  }
}
