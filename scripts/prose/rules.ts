import { sentencesOf, wordsOf } from "./markdown.ts";

/** A kind of hard text that a machine can see. */
export type ProseRule = "long sentence" | "hidden subject" | "semicolon" | "error without a next step" | "title without a verb";

export interface ProseFinding {
  file: string;
  line: number;
  rule: ProseRule;
  text: string;
}

/** A sentence with more words has to be read twice. */
const MAX_WORDS = 25;
/** Spanish needs about a fifth more words for the same sentence (articles and prepositions that English leaves out). */
const MAX_WORDS_SPANISH = 30;
/** A sentence whose subject is a clause. A question may begin so. */
const HIDDEN_SUBJECT = /^["“'(]*(?:What|Whoever|Whatever|Who|Quien|Quienes|Quienquiera|Lo que)\b(?!.*\?["”')]*$)/;

/** Returns what is hard to read in a Markdown page. */
export function findingsOfPage(file: string, page: string): ProseFinding[] {
  const most = file.endsWith(".es.md") ? MAX_WORDS_SPANISH : MAX_WORDS;
  return sentencesOf(page).flatMap(({ text, line }) => {
    const rules: ProseRule[] = [];
    if (wordsOf(text).length > most) rules.push("long sentence");
    if (HIDDEN_SUBJECT.test(text)) rules.push("hidden subject");
    if (text.includes(";")) rules.push("semicolon");
    return rules.map((rule) => ({ file, line, rule, text }));
  });
}

/** The verbs with which a next step begins, and the words that name what was expected. */
const NEXT_STEP = new RegExp(
  [
    String.raw`(?:^|[.:;,(!] ?|\b(?:or|and|then|first|to|please) )(?:${[
      "Add|Allow|Ask|Build|Call|Change|Check|Choose|Close|Compare|Connect|Correct|Create|Delete|Deploy|Enter|Free|Give|Grant",
      "Import|Install|Keep|Leave|Let|List|Look|Lower|Make|Move|Name|Offer|Open|Pass|Pick|Post|Put|Raise|Read|Register|Reload|Remove|Rename",
      "Repair|Repeat|Replace|Report|Request|Restart|Restore|Rotate|Run|See|Send|Set|Shorten|Sign|Split|Start|Stop|Take|Tell|Try|Turn|Update|Use|Wait|Watch|Write",
    ].join("|")})\b`,
    String.raw`\b(?:must|should|needs?|expects?|expected|allowed|instead|at most|at least|one of)\b`,
    String.raw`\bdocs/|\bnpm (?:run|ci|install|start)\b|\bnpx `,
  ].join("|"),
  "i",
);

/** Returns whether the text of an error tells the reader what to do, or what was expected. */
export function hasNextStep(text: string): boolean {
  return NEXT_STEP.test(text);
}

const FINITE_VERB = /\b(?:is|are|has|have|does|do|can|cannot|may|must|will|was|were|needs?|\p{Ll}{2,}(?:s|ed)|[a-z]+n't)\b/u;
/** Verbs in the plural that titles have used. The list may grow. */
const PLURAL_VERB =
  /\b(?:accept|agree|answer|arrive|ask|become|begin|belong|beat|bring|build|call|carry|change|close|come|compile|contain|cost|count|cover|cut|decide|differ|draw|end|exist|expire|explain|fail|find|fit|follow|form|get|give|go|grow|hear|hide|hold|join|keep|know|lead|leave|let|lie|live|look|lose|make|match|mean|meet|move|name|obey|open|pass|raise|read|reach|return|run|say|see|send|set|share|show|speak|stand|start|stay|stop|survive|take|tell|turn|use|wait|win|work|write)\b/;

/**
 * Returns whether a test title can be a sentence: it ends with a full stop, and a word after the first can be its verb (a plural noun
 * passes too). `$name` is text that the test puts in.
 */
export function isSentence(title: string): boolean {
  if (/\$\w+$|^%s$|…$/.test(title)) return true;
  const afterSubject = title.split(/\s+/).slice(1).join(" ");
  return title.endsWith(".") && (FINITE_VERB.test(afterSubject) || PLURAL_VERB.test(afterSubject));
}
