import { describe, expect, it } from "vitest";
import {
  type AuditLine,
  auditPage,
  auditResource,
  readAuditEntries,
} from "../../../dashboard/board/model/audit/audit-entries.ts";
import { aboutEntry, deedOfEntry, resultOfEntry } from "../../../dashboard/board/model/audit/audit-words.ts";
import { csvText } from "../../../dashboard/board/model/csv-text.ts";
import { createText } from "../../../dashboard/board/text/text.ts";

const text = createText("en");
const NAMES = { agent: (id: string) => (id === "a1" ? "Ana Ruiz" : null), alert: () => null };

function anEntry(change: Partial<AuditLine> = {}): AuditLine {
  return { at: 10, who: "eva", name: "Eva", what: "action.status", subject: "a1", result: "ok", detail: null, ...change };
}

describe("The parts of the audit", () => {
  it("go on where the last one ended, without losing or doubling entries of one time.", () => {
    const log = [9, 8, 7, 7, 7, 6, 5].map((at) => anEntry({ at }));
    const limit = 4;
    const read: number[] = [];
    let before: number | null = null;
    do {
      const answer = log.filter(({ at }) => before === null || at < before).slice(0, limit);
      const page = auditPage(answer, limit);
      read.push(...page.entries.map(({ at }) => at));
      before = page.before;
    } while (before !== null);
    expect(read).toEqual([9, 8, 7, 7, 7, 6, 5]);
  });

  it("do not stand still at a time with more entries than an answer has.", () => {
    expect(auditPage([anEntry(), anEntry()], 2)).toMatchObject({ entries: [{}, {}], before: 10 });
  });

  it("are asked for with the filter and the time.", () => {
    expect(auditResource({ who: null, what: null }, null, 200)).toBe("audit?limit=200");
    expect(auditResource({ who: "eva@x", what: "rules.save" }, 7, 200)).toBe("audit?limit=200&to=7&who=eva%40x&what=rules.save");
  });

  it("are null when the answer has none.", () => {
    expect(readAuditEntries({ error: "not_allowed" })).toBeNull();
    expect(readAuditEntries({ data: [anEntry()] })).toEqual([anEntry()]);
  });
});

describe("The words of the audit", () => {
  it("name the agent, the status and the contact.", () => {
    const entry = anEntry({ detail: '{"id":"1","contactId":"0123456789","statusName":"Lunch"}' });
    expect([deedOfEntry(entry, text), aboutEntry(entry, NAMES, text)]).toEqual([
      "Set a status",
      "Ana Ruiz · Lunch · contact 01234567",
    ]);
    expect(aboutEntry(anEntry({ subject: "gone" }), NAMES, text)).toBe("gone");
  });

  it("name the rules that were changed.", () => {
    const rule = (id: string, title?: string) => ({ id, ...(title !== undefined && { title }) });
    const detail = JSON.stringify({
      version: 3,
      added: [rule("new")],
      removed: [],
      changed: [{ before: rule("x"), after: rule("x", "Long hold") }],
    });
    const entry = anEntry({ what: "rules.save", subject: "", detail });
    expect(aboutEntry(entry, NAMES, text)).toBe("version 3 · added: new · changed: Long hold");
  });

  it("name the shared views that were changed.", () => {
    const detail = JSON.stringify({ shared: ["Night"], changed: ["Sales"], removed: [] });
    expect(aboutEntry(anEntry({ what: "views.save", subject: "", detail }), NAMES, text)).toBe("added: Night · changed: Sales");
  });

  it("name a wallboard and its groups.", () => {
    const entry = anEntry({ what: "display.make", subject: "Sala 2", detail: '{"groups":["*"],"replaced":false}' });
    expect(aboutEntry(entry, NAMES, text)).toBe("Sala 2 · All teams");
  });

  it("say of each result what it means, and keep the word of a newer hub.", () => {
    expect(resultOfEntry(anEntry(), text)).toBe("Done");
    expect(resultOfEntry(anEntry({ result: "unknown" }), text)).toContain("Nobody knows");
    expect(resultOfEntry(anEntry({ result: "contact_moved_on" }), text)).toContain("moved on");
    expect(resultOfEntry(anEntry({ result: "new_word" }), text)).toContain("new_word");
    expect(deedOfEntry(anEntry({ what: "new.deed" }), text)).toBe("new.deed");
  });

  it("run in no spreadsheet.", () => {
    expect(
      csvText([
        ["=1+1", "@x", "Ana"],
        ['"a"', "-2", "\t=x"],
      ]),
    ).toBe('\uFEFF\'=1+1,\'@x,Ana\r\n"""a""",-2,"\'\t=x"\r\n');
  });
});
