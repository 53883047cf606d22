/** Frequent little words of each language that the other does not have. */
const WORDS = {
  es: /\b(que|de|el|la|los|las|en|un|una|por|para|con|se|mi|su|es|está|gracias|señora?|usted)\b/giu,
  en: /\b(the|and|to|of|is|it|that|you|your|my|for|with|this|have|was|not|thanks|please)\b/giu,
};
/** Fewer hits than this say nothing. */
const ENOUGH = 3;

/**
 * The language of a talk, for the `lang` attribute that lets a screen reader pronounce it. Messages do not carry it, so this
 * counts little words; undefined while there is too little text or it is neither Spanish nor English.
 */
export function guessLanguage(texts: Iterable<string>): "es" | "en" | undefined {
  let es = 0;
  let en = 0;
  for (const text of texts) {
    es += text.match(WORDS.es)?.length ?? 0;
    en += text.match(WORDS.en)?.length ?? 0;
  }
  if (Math.max(es, en) < ENOUGH || es === en) return undefined;
  return es > en ? "es" : "en";
}
