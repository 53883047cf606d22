import { useState } from "react";
import { useAgentClient } from "../../../react/provider.tsx";
import { type RecordingReply, readRecordingReply } from "../../model/recording-answer.ts";
import { useText, useTick } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { useMayHear } from "./recording-right.ts";

interface RecordingLinkProps {
  contactId: string;
  /** Whose contact it is. The hub opens no recording for somebody who may not see this agent. */
  agentId: string;
  /** The day of the contact (YYYY-MM-DD in the center's time zone); left out = today. */
  date?: string | undefined;
}

/**
 * Gets a link to the recording of a contact. The reader asks for it by a press, because each link is noted in the audit and ends soon.
 */
export default function RecordingLink({ contactId, agentId, date }: RecordingLinkProps) {
  const text = useText();
  const mayHear = useMayHear();
  const client = useAgentClient();
  const [asked, setAsked] = useState<{ contactId: string; reply: RecordingReply | null } | null>(null);
  const shown = asked?.contactId === contactId ? asked : null;
  const ask = async () => {
    setAsked({ contactId, reply: null });
    const resource = `contacts/${encodeURIComponent(contactId)}/recording`;
    const body = { agentId, ...(date !== undefined && { date }) };
    const { status, body: answer } = await client.ask({ method: "POST", resource, body });
    const reply = readRecordingReply(status, answer);
    // The reader may have gone on to another contact.
    setAsked((now) => (now?.contactId === contactId ? { contactId, reply } : now));
  };
  const reply = shown?.reply ?? null;
  const isLink = reply !== null && "url" in reply;
  const isOver = useTick((now) => isLink && now >= reply.expiresAt);
  const words = shown !== null && reply === null ? text.text("recording.waiting") : wordsOf(reply, isOver, text);
  if (!mayHear) return null;
  return (
    <span className="vg-recording">
      {isLink && !isOver ? (
        <a className="vg-button" href={reply.url} target="_blank" rel="noreferrer" title={text.text("recording.openHint")}>
          <Icon name="out" />
          {text.text("recording.open", { time: text.time(reply.expiresAt) })}
        </a>
      ) : (
        <button
          type="button"
          className="vg-button"
          aria-label={text.text("recording.askFor")}
          aria-disabled={shown !== null && reply === null}
          onClick={() => (shown !== null && reply === null ? undefined : void ask())}
        >
          <Icon name="play" />
          {text.text("recording.ask")}
        </button>
      )}
      <span className="vg-sub" role="status">
        {words}
      </span>
    </span>
  );
}

function wordsOf(reply: RecordingReply | null, isOver: boolean, text: ReturnType<typeof useText>): string {
  if (reply === null) return "";
  if ("url" in reply) return isOver ? text.text("recording.ended") : "";
  return text.text(`recording.${reply.refusal}`);
}
