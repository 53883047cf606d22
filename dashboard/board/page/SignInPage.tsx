import "../styles/tools.css";
import "./sign-in.css";
import { useEffect, useRef } from "react";
import type { Theme } from "../parts/theme.ts";
import { createText, LOCALES, type Locale } from "../text/text.ts";
import type { SignInStage } from "./sign-in.ts";
import { signInWords } from "./sign-in-words.ts";

interface SignInPageProps {
  stage: SignInStage;
  /** The name of the contact center, if the address has one. */
  center: string | null;
  locale: Locale;
  theme: Theme;
  onLocale: (locale: Locale) => void;
  onSignIn: () => void;
  /** Null = nobody is signed in. */
  onSignOut: (() => void) | null;
}

/** Stands in place of the board while the reader is not signed in: says why, and what to do. */
export default function SignInPage(props: SignInPageProps) {
  const { stage, locale } = props;
  const text = createText(locale);
  const { title, lead, button, code } = signInWords(stage);
  const heading = useRef<HTMLHeadingElement>(null);
  // A screen reader begins at the heading, also when the board gives way to this page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new stage has a new heading.
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <main className="vigia vg-signin" lang={locale} data-theme={props.theme} aria-busy={stage.kind === "busy"}>
      <div className="vg-signin-card">
        <p className="vg-sub">{[text.text("app.name"), props.center].filter((word) => word !== null).join(" · ")}</p>
        <h1 ref={heading} tabIndex={-1}>
          {text.text(title)}
        </h1>
        <p>{text.text(lead)}</p>
        {stage.kind === "refused" && stage.name !== null && <p>{text.text("signin.as", { name: stage.name })}</p>}
        {code !== null && (
          <p className="vg-sub">
            {text.text("signin.word", { code: "" })}
            <code>{code}</code>
          </p>
        )}
        <div className="vg-dialog-actions">
          {stage.kind === "refused" && props.onSignOut !== null && (
            <button type="button" className="vg-button" onClick={props.onSignOut}>
              {text.text("signin.out")}
            </button>
          )}
          {button !== null && (
            <button type="button" className="vg-button vg-primary" onClick={props.onSignIn}>
              {text.text(button)}
            </button>
          )}
        </div>
      </div>
      <p className="vg-signin-languages">
        {LOCALES.map((other) => (
          <button
            key={other}
            type="button"
            className="vg-button"
            lang={other}
            aria-pressed={other === locale}
            onClick={() => props.onLocale(other)}
          >
            {other === "en" ? "English" : "Español"}
          </button>
        ))}
      </p>
    </main>
  );
}
