import type { QueueQuarter } from "../../../../protocol/queue.ts";
import { quarterBars, wholeHours } from "../../model/queue-hours.ts";
import { useText, useTick } from "../board-context.ts";

const WIDTH = 360;
const HEIGHT = 56;
const QUARTER_MS = 15 * 60_000;

/** The last hours of a queue by quarters of an hour: a plot for the eye, and a table for screen readers. */
export function QueueHours({ quarters }: { quarters: readonly QueueQuarter[] }) {
  const text = useText();
  const quarter = useTick((now) => Math.floor(now / QUARTER_MS));
  const shown = wholeHours(quarters, quarter * QUARTER_MS);
  return (
    <section>
      <h3>{text.text("queue.hours")}</h3>
      {shown.length === 0 ? <p className="vg-sub">{text.text("queue.noHours")}</p> : <Plot quarters={shown} />}
    </section>
  );
}

function Plot({ quarters }: { quarters: readonly QueueQuarter[] }) {
  const text = useText();
  const most = Math.max(...quarters.map(({ queued }) => queued));
  const columns = [
    "queue.hour",
    "queue.hoursQueued",
    "queue.hoursAnswered",
    "queue.hoursAbandoned",
    "queue.hoursWithin",
  ] as const;
  return (
    <figure className="vg-hours">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 14}`} aria-hidden="true">
        <line className="vg-hours-base" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {quarterBars(quarters, WIDTH, HEIGHT).map(({ from, x, width, height, abandonedHeight }) => (
          <g key={from}>
            <rect className="vg-hours-queued" x={x} width={width} y={HEIGHT - height} height={height} />
            <rect className="vg-hours-abandoned" x={x} width={width} y={HEIGHT - abandonedHeight} height={abandonedHeight} />
          </g>
        ))}
        <text x="0" y={HEIGHT + 12}>
          {text.minute(quarters[0]?.from ?? 0)}
        </text>
        <text x={WIDTH} y={HEIGHT + 12} textAnchor="end">
          {text.minute((quarters.at(-1)?.from ?? 0) + QUARTER_MS)}
        </text>
      </svg>
      <figcaption className="vg-sub">
        <span className="vg-hours-key" data-what="queued">
          {text.text("queue.hoursQueued")}
        </span>
        <span className="vg-hours-key" data-what="abandoned">
          {text.text("queue.hoursAbandoned")}
        </span>
        <span>{text.count("queue.most", most)}</span>
      </figcaption>
      <div className="vg-hidden">
        <table>
          <caption>{text.text("queue.hours")}</caption>
          <thead>
            <tr>
              {columns.map((key) => (
                <th key={key} scope="col">
                  {text.text(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {quarters.map(({ from, queued, answered, abandoned, withinTarget }) => (
              <tr key={from}>
                <th scope="row">{text.minute(from)}</th>
                {[queued, answered, abandoned, withinTarget].map((count, index) => (
                  <td key={columns[index + 1]}>{text.number(count)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
