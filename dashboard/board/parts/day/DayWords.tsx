import type { DayAnswer } from "../../model/day/day-answer.ts";
import { useText } from "../board-context.ts";

/** Says why there is no day, or that it is on its way. Nothing when there is one. */
export function DayWords({ answer, retry }: { answer: DayAnswer; retry: () => void }) {
  const text = useText();
  const { status, day, refusal } = answer;
  if (status === "loading") {
    return (
      <p className="vg-sub" aria-busy="true">
        {text.text("day.loading")}
      </p>
    );
  }
  if (day !== null) {
    return refusal === null ? null : (
      <p className="vg-sub" role="status">
        {text.text("day.old")} <RetryButton retry={retry} />
      </p>
    );
  }
  return (
    <p className="vg-sub" role="status">
      {text.text(`day.refused.${refusal ?? "failed"}`)} {refusal === "failed" && <RetryButton retry={retry} />}
    </p>
  );
}

function RetryButton({ retry }: { retry: () => void }) {
  const text = useText();
  return (
    <button type="button" className="vg-button" onClick={retry}>
      {text.text("day.retry")}
    </button>
  );
}
