import { type FocusEvent, useLayoutEffect, useRef, useState } from "react";
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
  const place = useRef<HTMLSpanElement>(null);
  const hasFocus = useRef(false);
  const isLink = reply !== null && "url" in reply;
  const isOver = useTick((now) => isLink && now >= reply.expiresAt);
  const isOpen = isLink && !isOver;
  // The link takes the place of the button, and later the other way round. The browser would drop the focus with the old one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the effect belongs to the change of the two
  useLayoutEffect(() => {
    if (!hasFocus.current || document.activeElement !== document.body) return;
    place.current?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
  }, [isOpen]);
  const keepsFocus = {
    onFocus: () => {
      hasFocus.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) hasFocus.current = false;
    },
  };
  const words = shown !== null && reply === null ? text.text("recording.waiting") : wordsOf(reply, isOver, text);
  if (!mayHear) return null;
  return (
    <span ref={place} className="vg-recording">
      {isOpen ? (
        <a
          {...keepsFocus}
          className="vg-button"
          href={reply.url}
          target="_blank"
          rel="noreferrer"
          title={text.text("recording.openHint")}
        >
          <Icon name="out" />
          {text.text("recording.open", { time: text.time(reply.expiresAt) })}
        </a>
      ) : (
        <button
          {...keepsFocus}
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
