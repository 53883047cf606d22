import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import type { TranscriptionGap } from "./transcription-mark.tsx";

/** Says in the panel of a call, in a whole sentence, why no words arrive. */
export function TranscriptionNote({ gap }: { gap: TranscriptionGap | null }) {
  const text = useText();
  return (
    <p className="vg-unheard-note" data-gap={gap ?? undefined} role="status">
      {gap !== null && (
        <>
          <Icon name="unheard" />
          <span>{text.text(`call.${gap}`)}</span>
        </>
      )}
    </p>
  );
}
