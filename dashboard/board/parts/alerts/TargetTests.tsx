import { useState } from "react";
import * as v from "valibot";
import { useAgentClient } from "../../../react/provider.tsx";
import { withServerWords } from "../../model/server-words.ts";
import { useText } from "../board-context.ts";

const testedSchema = v.object({
  delivered: v.boolean(),
  message: v.string(),
  /** The HTTP status of the receiver. An older hub does not say. */
  status: v.optional(v.nullable(v.number()), null),
});
const refusedSchema = v.object({ message: v.string() });

type TestResult = v.InferOutput<typeof testedSchema>;

/** One button per target, which sends it a test message and shows what the receiver answered. For an admin. */
export function TargetTests({ targets }: { targets: readonly string[] }) {
  const client = useAgentClient();
  const text = useText();
  const [results, setResults] = useState<ReadonlyMap<string, TestResult | "waiting">>(new Map());
  const test = async (target: string) => {
    const note = (result: TestResult | "waiting") => setResults((before) => new Map(before).set(target, result));
    note("waiting");
    const { status, body } = await client.ask({ method: "POST", resource: "alerts/test", body: { target } });
    const tested = v.safeParse(testedSchema, body);
    if (tested.success) return note(tested.output);
    const message = v.is(refusedSchema, body) ? body.message : text.text("rules.problem.no_answer");
    note({ delivered: false, status: null, message: status === 429 ? text.text("targets.wait") : message });
  };
  return (
    <section className="vg-targets" aria-label={text.text("targets.title")}>
      <h3>{text.text("targets.title")}</h3>
      {targets.length === 0 && <p className="vg-sub">{text.text("targets.none")}</p>}
      {targets.map((target) => {
        const result = results.get(target);
        return (
          <div key={target} className="vg-target">
            <b>{target}</b>
            <button
              type="button"
              className="vg-button"
              aria-label={text.text("targets.testFor", { target })}
              disabled={result === "waiting"}
              onClick={() => void test(target)}
            >
              {text.text("targets.test")}
            </button>
            <span role="status" data-delivered={typeof result === "object" ? result.delivered : undefined}>
              {result === "waiting" ? text.text("targets.waiting") : result !== undefined && resultWords(result, text)}
            </span>
          </div>
        );
      })}
    </section>
  );
}

function resultWords({ delivered, message, status }: TestResult, text: ReturnType<typeof useText>): string {
  const end = text.text(delivered ? "targets.delivered" : "targets.failed");
  const answered = status === null || text.locale === "en" ? end : `${end} ${text.text("targets.answered", { status })}`;
  return withServerWords(answered, message, text);
}
