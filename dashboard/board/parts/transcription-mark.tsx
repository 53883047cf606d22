import type { TranscriptionStatus } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";

/** Why no words of a call arrive. */
export type TranscriptionGap = Exclude<TranscriptionStatus, "live">;

/** Returns why no words of the agent's call arrive; null = somebody listens, nothing is known, or there is no call. */
export function transcriptionGap({ transcription }: Pick<AgentView, "transcription">): TranscriptionGap | null {
  return transcription === "live" ? null : transcription;
}

/** The mark of a call that nobody listens to, with a short word or, where the score has the place, without. */
export function TranscriptionMark({ gap, withWord }: { gap: TranscriptionGap; withWord: boolean }) {
  const text = useText();
  const words = text.text(`transcription.${gap}`);
  return (
    <span className="vg-unheard" data-gap={gap} title={words}>
      <Icon name="unheard" />
      {withWord && <span aria-hidden="true">{text.text(`transcription.short.${gap}`)}</span>}
      <span className="vg-hidden">{words}</span>
    </span>
  );
}
