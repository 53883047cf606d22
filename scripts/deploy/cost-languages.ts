import { chooseLanguage } from "../../aws-ingest/call/languages.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Usage } from "./cost-formula.ts";

export type EngineShares = { ok: true; shares: Pick<Usage, "callAnalytics" | "comprehend"> } | { ok: false; message: string };

/**
 * Returns how much of the calls each engine gets, by the same rules as the transcriber.
 * @param languagesGiven the languages of the calls and their shares, `es-MX=0.8,en-US=0.2`; undefined = all in `languages.default`
 */
export function engineShares({ settings, instance }: Deployment, languagesGiven: string | undefined): EngineShares {
  const languages = languagesGiven === undefined ? [[settings.languages.default, 1] as const] : readShares(languagesGiven);
  if (languages === null)
    return {
      ok: false,
      message: `--languages must be codes and shares that make 1, such as es-MX=0.8,en-US=0.2. It is ${languagesGiven}.`,
    };
  const shares = { callAnalytics: 0, comprehend: 0 };
  for (const [code, share] of languages) {
    const choice = chooseLanguage(code, {
      languageMap: settings.languages.map,
      identifyAmong: settings.languages.identify,
      engines: settings.languages.engines,
      redactPii: settings.redactPii,
      region: instance.region,
    });
    if (!choice.ok) return { ok: false, message: `Transcribe streams no language ${code}. Correct --languages.` };
    if (choice.plan.service === "call-analytics") shares.callAnalytics += share;
    if (choice.plan.comprehendLanguage !== null) shares.comprehend += share;
  }
  return { ok: true, shares };
}

/** Returns the codes and shares of a text, or null. */
function readShares(text: string): [code: string, share: number][] | null {
  const entries = text.split(",").map((part): [string, number] => {
    const [code = "", share = ""] = part.split("=");
    return [code.trim(), share.trim() === "" ? Number.NaN : Number(share)];
  });
  const sum = entries.reduce((total, [, share]) => total + share, 0);
  return entries.every(([code, share]) => code !== "" && share >= 0) && Math.abs(sum - 1) < 1e-6 ? entries : null;
}
