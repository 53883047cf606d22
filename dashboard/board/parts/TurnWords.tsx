import type { Turn } from "../../../protocol/messages.ts";
import { type Piece, runsOf } from "../model/transcript.ts";
import type { TextKey } from "../text/messages.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";

/** The text of a turn whose words the sender withheld (docs/protocol.md, TRA-7). */
const WITHHELD = "[PII]";

/** Shows the text of a turn, with its issues and redactions marked. */
export function TurnWords({ turn }: { turn: Turn }) {
  if (turn.text === WITHHELD) return <Withheld />;
  return runsOf(turn.text, turn.issues).map(({ issue, at, pieces }) =>
    issue ? (
      <mark key={at} className="vg-issue">
        <Pieces pieces={pieces} />
      </mark>
    ) : (
      <Pieces key={at} pieces={pieces} />
    ),
  );
}

function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : <Redacted key={piece.at} entity={piece.entity} />));
}

function Withheld() {
  const text = useText();
  return (
    <span className="vg-redacted" lang={text.locale} title={text.text("call.withheldWhy")}>
      <Icon name="lock" />
      {text.text("call.withheld")}
    </span>
  );
}

const KINDS: Readonly<Record<string, TextKey>> = {
  PII: "redaction.PII",
  NAME: "redaction.NAME",
  ADDRESS: "redaction.ADDRESS",
  EMAIL: "redaction.EMAIL",
  PHONE: "redaction.PHONE",
  SSN: "redaction.SSN",
  PIN: "redaction.PIN",
  CREDIT_DEBIT_NUMBER: "redaction.CREDIT_DEBIT_NUMBER",
  CREDIT_DEBIT_CVV: "redaction.CREDIT_DEBIT_CVV",
  CREDIT_DEBIT_EXPIRY: "redaction.CREDIT_DEBIT_EXPIRY",
  BANK_ACCOUNT_NUMBER: "redaction.BANK_ACCOUNT_NUMBER",
  BANK_ROUTING: "redaction.BANK_ROUTING",
};

function Redacted({ entity }: { entity: string }) {
  const text = useText();
  const kind = text.text(KINDS[entity] ?? "redaction.PII");
  return (
    <span className="vg-redacted" lang={text.locale} title={text.text("call.redacted", { kind })}>
      <Icon name="lock" />
      {kind}
    </span>
  );
}
