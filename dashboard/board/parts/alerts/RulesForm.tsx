import { useState } from "react";
import type { Watch } from "../../../../protocol/alert-rules.ts";
import type { RuleDraft } from "../../model/rule-draft.ts";
import { LIMIT_FORMS, newRuleId } from "../../model/rule-fields.ts";
import { ruleNameOf } from "../../model/rule-words.ts";
import { withServerWords } from "../../model/server-words.ts";
import type { Text } from "../../text/text.ts";
import { useBoard } from "../board-context.ts";
import { RuleFields } from "./RuleFields.tsx";
import type { RulesEditing, SavingProblem } from "./rules-editing.ts";

const WATCHES = Object.keys(LIMIT_FORMS).filter((word): word is Watch => word in LIMIT_FORMS);
const NO_NAMES = { groups: "", queues: "", statusNames: "", exceptStatusNames: "" };

/** The center's rules: an admin edits them, everybody else reads them. */
export function RulesForm({ editing, mayEdit }: { editing: RulesEditing; mayEdit: boolean }) {
  const { text, rules } = useBoard();
  const [watch, setWatch] = useState<Watch>("statusTime");
  const { drafts, change } = editing;
  const addRule = () => {
    const rule: RuleDraft = {
      id: newRuleId(watch, drafts),
      watch,
      title: "",
      enabled: true,
      warning: "",
      critical: "",
      forSeconds: "0",
      cooldownSeconds: "60",
      minimum: "",
      names: NO_NAMES,
      channels: [],
      statuses: [],
      quietHours: [],
      to: null,
    };
    change([...drafts, rule]);
  };
  return (
    <section className="vg-rules" aria-label={text.text("rules.title")}>
      <h3>{text.text("rules.title")}</h3>
      <p className="vg-sub">{text.text(mayEdit ? "rules.forAll" : "rules.readOnly")}</p>
      {rules.changedAt !== null && (
        <p className="vg-sub">
          {text.text("rules.changed", {
            name: rules.changedBy ?? text.text("rules.somebody"),
            time: text.moment(rules.changedAt),
          })}
        </p>
      )}
      {drafts.map((draft) => (
        <RuleFields
          key={draft.id}
          draft={draft}
          mayEdit={mayEdit}
          targets={rules.targets}
          fault={editing.fault?.ruleId === draft.id ? editing.fault : null}
          preview={editing.preview?.get(draft.id) ?? null}
          onChange={(next) => change(drafts.map((other) => (other.id === draft.id ? next : other)))}
          onDelete={() => change(drafts.filter((other) => other.id !== draft.id))}
        />
      ))}
      {mayEdit && (
        <div className="vg-rule-add">
          <label className="vg-field">
            <span>{text.text("rules.watch")}</span>
            <select
              value={watch}
              onChange={(event) => setWatch(WATCHES.find((other) => other === event.target.value) ?? "statusTime")}
            >
              {WATCHES.map((other) => (
                <option key={other} value={other}>
                  {text.text(`watch.${other}`)}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="vg-button" onClick={addRule}>
            {text.text("rules.add")}
          </button>
          <button type="button" className="vg-button" disabled={editing.waiting} onClick={editing.showPreview}>
            {text.text("rules.preview")}
          </button>
        </div>
      )}
      {editing.problem !== null && (
        <p className="vg-banner" data-tone="bad" role="alert">
          {problemWords(editing.problem, (id) => ruleNameOf(id, rules.rules, text), text)}
        </p>
      )}
    </section>
  );
}

function problemWords(problem: SavingProblem, nameOf: (ruleId: string) => string, text: Text): string {
  switch (problem.kind) {
    case "changed_meanwhile": {
      const said = text.text("rules.problem.changed_meanwhile", {
        name: problem.by ?? text.text("rules.somebody"),
        time: problem.at === null ? "" : text.moment(problem.at),
      });
      if (problem.both.length === 0) return said;
      return `${said} ${text.text("rules.problem.both", { rules: text.list(problem.both.map(nameOf)) })}`;
    }
    case "other":
      return withServerWords(text.text("rules.problem.other", { code: problem.code }), problem.message, text);
    default:
      return text.text(`rules.problem.${problem.kind}`);
  }
}
