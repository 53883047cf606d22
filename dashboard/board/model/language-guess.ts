/** Short words that are frequent in one language and do not exist in the other. */
const WORDS = {
  es: /\b(que|de|el|la|los|las|en|un|una|por|para|con|se|mi|su|es|está|gracias|señora?|usted)\b/giu,
  en: /\b(the|and|to|of|is|it|that|you|your|my|for|with|this|have|was|not|thanks|please)\b/giu,
};
/** The number of matches from which the guess is good enough. */
const ENOUGH = 3;

/**
 * Guesses the language of a transcript for the `lang` attribute, so that a screen reader pronounces it well. Messages carry no
 * language, so this counts short words. Returns undefined for too little text, and for other languages.
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
