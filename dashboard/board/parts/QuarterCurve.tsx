import type { Sentiment } from "../../../protocol/agent.ts";
import { quarterPoints } from "../model/spark.ts";
import { useText } from "./board-context.ts";

const WIDTH = 360;
const HEIGHT = 76;

type SpeakerScores = Pick<Sentiment, "score" | "quarters">;

/**
 * Draws the scores of both speakers for each quarter of the call so far.
 * @param agent null = only the customer's are known, as of a contact that is over
 */
export function QuarterCurve({ customer, agent }: { customer: SpeakerScores; agent: SpeakerScores | null }) {
  const text = useText();
  const values = (quarters: readonly (number | null)[]) =>
    text.list(quarters.map((score) => (score === null ? text.text("day.noData") : text.score(score))));
  const label = [
    text.text("call.curveText", { who: text.text("call.customer"), values: values(customer.quarters) }),
    ...(agent === null ? [] : [text.text("call.curveText", { who: text.text("call.agent"), values: values(agent.quarters) })]),
  ].join(". ");
  return (
    <figure className="vg-curve">
      <figcaption>
        <span>{text.text("call.curve")}</span>
        <span className="vg-key" data-who="customer">
          {text.text("call.customer")} <b>{customer.score === null ? text.text("table.none") : text.score(customer.score)}</b>
        </span>
        {agent !== null && (
          <span className="vg-key" data-who="agent">
            {text.text("call.agent")} <b>{agent.score === null ? text.text("table.none") : text.score(agent.score)}</b>
          </span>
        )}
      </figcaption>
      <svg viewBox={`-26 -8 ${WIDTH + 30} ${HEIGHT + 16}`} role="img" aria-label={label}>
        {[5, 0, -5].map((score) => (
          <g key={score} className="vg-grid">
            <line x1="0" x2={WIDTH} y1={((5 - score) / 10) * HEIGHT} y2={((5 - score) / 10) * HEIGHT} />
            <text x="-6" y={((5 - score) / 10) * HEIGHT + 4} textAnchor="end">
              {score > 0 ? `+${score}` : score < 0 ? `\u2212${-score}` : "0"}
            </text>
          </g>
        ))}
        {agent !== null && <Line who="agent" quarters={agent.quarters} />}
        <Line who="customer" quarters={customer.quarters} />
      </svg>
    </figure>
  );
}

function Line({ who, quarters }: { who: "customer" | "agent"; quarters: readonly (number | null)[] }) {
  const points = quarterPoints(quarters, WIDTH, HEIGHT);
  return (
    <g className="vg-line" data-who={who}>
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
      {points.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={who === "customer" ? 3.5 : 2.8} />
      ))}
    </g>
  );
}
