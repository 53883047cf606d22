import { useAgent } from "../../../react/use-agents.ts";
import { deedWords, endWords } from "../../model/actions/action-words.ts";
import { contactCount } from "../../model/contacts.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import type { BoardActions, Press } from "./board-actions.ts";

interface ActionNotesProps {
  presses: readonly Press[];
  actions: BoardActions;
  /** Whether the notes stand beside the agent's name, so that they need not repeat it. */
  isBesideName: boolean;
}

/** What became of the reader's presses. A screen reader announces each change. */
export function ActionNotes({ presses, actions, isBesideName }: ActionNotesProps) {
  return (
    <div className="vg-action-notes" role="status">
      {presses.map((press) => (
        <ActionNote key={press.id} press={press} actions={actions} isBesideName={isBesideName} />
      ))}
    </div>
  );
}

function ActionNote({ press, actions, isBesideName }: { press: Press } & Omit<ActionNotesProps, "presses">) {
  const text = useText();
  const agent = useAgent(press.agentId);
  const { id, end, name } = press;
  const deed = deedWords(press, text);
  const isBusy = agent !== undefined && contactCount(agent) > 0;
  return (
    <div className="vg-action-note" data-end={end?.kind ?? "pending"}>
      <p>
        <b>{isBesideName ? deed : text.text("actions.note", { action: deed, name })}</b>{" "}
        <span>{endWords(press.action, end, isBusy, text)}</span>
      </p>
      {end?.kind === "unanswered" && (
        <button type="button" className="vg-button" onClick={() => actions.askAgain(id)}>
          {text.text("actions.askAgain")}
        </button>
      )}
      {end !== null && (
        <button
          type="button"
          className="vg-button vg-quiet"
          aria-label={text.text("actions.dismiss")}
          onClick={() => actions.dismiss(id)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
