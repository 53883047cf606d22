import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConnectClient } from "@aws-sdk/client-connect";
import { describe, expect, test } from "vitest";
import { checkActions } from "../../scripts/deploy/check-actions.ts";
import { inSpanish } from "../../scripts/deploy/preflight-language.ts";
import { attention, missing, ok, report } from "../../scripts/deploy/preflight-report.ts";
import { PREFLIGHT_SPANISH } from "../../scripts/deploy/preflight-spanish.ts";
import { AWS_SPANISH } from "../../scripts/deploy/preflight-spanish-aws.ts";
import { nodesOf, parseSource } from "../../scripts/syntax-tree.ts";
import { exampleWith } from "./example.ts";

const FOLDER = "scripts/deploy";
const LIST = [...PREFLIGHT_SPANISH, ...AWS_SPANISH];
/** The reasons that findings quote come from these files too, beside the checks. */
const OTHER_SOURCES = ["aws-checks.ts", "aws-reason.ts", "hub-probe.ts", "preflight.ts"];
const SOURCES = readdirSync(FOLDER).filter((name) => name.startsWith("check-") || OTHER_SOURCES.includes(name));
/** The parts of one text that the checks put together from several. */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  "{} {}. Amazon Connect refuses a second one.": ["media: the MEDIA_STREAMS config of the instance", "was made by hand"],
  "{} {}, and the settings name its target.": ["media: the MEDIA_STREAMS config of the instance", "was made by hand"],
  "{} {}, and it has another target than the settings.": ["media: the MEDIA_STREAMS config of the instance", "was made by hand"],
  "{} is not checked: {}": ["The instance", "The hub answered 500."],
  "The hub is not ready{}": ["."],
};

/** Parts of a text. Other tests have the whole texts. */
const NO_FINDINGS = new Set([" ({}).", "{}, and an open control panel with a softphone (docs/connect.md)."]);

const NEEDS_TO_BARGE =
  "actions: enhanced monitoring is on. Each supervisor needs a user whose name is that of the sign-in, a security profile with " +
  "real-time contact monitoring and barge-in, and an open control panel with a softphone (docs/connect.md).";

/** Returns the whole sentences of a source, each with its values. */
function sentencesOf(name: string): string[] {
  const source = readFileSync(join(FOLDER, name), "utf8");
  const texts = [...nodesOf(parseSource(name, source))].flatMap(({ node, ancestors }) => {
    if (ancestors.some(({ type }) => type === "ImportDeclaration" || type === "BinaryExpression")) return [];
    if (node.type === "Literal" && typeof node.value === "string") return [node.value];
    return node.type === "TemplateLiteral" ? [node.quasis.map(({ value }) => value.cooked ?? "").join("{}")] : [];
  });
  return texts
    .filter((text) => (/ .*\.$/.test(text) || text in JOINED) && !NO_FINDINGS.has(text))
    .map((text) => (JOINED[text] ?? []).reduce((filled, value) => filled.replace("{}", value), text).replaceAll("{}", "Mx7"));
}

describe("What preflight says in Spanish", () => {
  test("Every sentence of every check has a Spanish one.", () => {
    const sentences = SOURCES.flatMap(sentencesOf);
    expect(sentences.length).toBeGreaterThan(80);
    expect(sentences.filter((text) => inSpanish(text) === text && text !== "Node Mx7.")).toEqual([]);
  });

  test("Each pair is there once, and names the values of the English text and no others.", () => {
    const english = LIST.map(([text]) => text);
    expect(english.filter((text, index) => english.indexOf(text) !== index)).toEqual([]);
    for (const [text, spanish] of LIST) {
      const values = text.split("{}").length - 1;
      const named = [...spanish.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index));
      expect([text, named.filter((index) => index < 1 || index > values)]).toEqual([text, []]);
      // English says "is" or "are" where Spanish needs no such word.
      expect([text, new Set(named).size]).toEqual([text, text.includes("{} {} empty") ? values - 1 : values]);
    }
  });

  test("A text within a text is translated too, and what nobody translated stays.", () => {
    const text =
      "media: the MEDIA_STREAMS config of the instance belongs to the stack Other. Amazon Connect refuses a second one.";
    expect(inSpanish(text)).toBe(
      "media: la configuración MEDIA_STREAMS de la instancia es del stack Other. Amazon Connect rechaza una segunda.",
    );
    expect(inSpanish("The instance is not checked: the login lacks the permission connect:DescribeInstance.")).toBe(
      "Sin revisar: la instancia. Motivo: a la sesión le falta el permiso connect:DescribeInstance.",
    );
    expect(inSpanish("Whatever a tool prints")).toBe("Whatever a tool prints");
  });

  test("What supervisors need for listening and for barging is Spanish too.", async () => {
    const connect = new ConnectClient({ region: "us-east-1" });
    const settings = exampleWith({ actions: ["listen"] });
    const needs = (await checkActions(connect, settings)).map(({ what }) => inSpanish(what)).join("\n");
    expect(needs).toContain("actions: Cada supervisor necesita un usuario");
    expect(inSpanish(NEEDS_TO_BARGE)).toContain("monitoreo de contactos en tiempo real, también para intervenir, y un panel");
  });

  test("The report is Spanish from its first line to its last.", () => {
    const findings = [
      ok("Node 24.1.0."),
      attention("alarmEmail is not set, so alarms reach nobody.", "Set alarmEmail to an address that people read."),
      missing("The hub does not answer at https://board.example.com.", "Deploy it (npm run deploy:hub), or correct hubUrl."),
    ];
    expect(report(findings, "es").split("\n")).toEqual([
      "✓ Node 24.1.0.",
      "! Falta alarmEmail, así que las alarmas no llegan a nadie.",
      "    Pon en alarmEmail una dirección que alguien lea.",
      "✗ El servidor no responde en https://board.example.com.",
      "    Despliégalo (npm run deploy:hub) o corrige hubUrl.",
      "",
      "Falta 1 cosa.",
    ]);
    expect(report([ok("Node 24.1.0.")], "es")).toMatch(/No falta nada\.$/);
  });
});
