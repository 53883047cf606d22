import { Component, type ReactNode } from "react";

interface PageBoundaryProps {
  /** Called when the page cannot go on. */
  onFailure: () => void;
  children: ReactNode;
}

/** In both languages and without the catalogue of texts, which may be what could not be loaded. */
const WORDS = [
  {
    lang: "es-MX",
    title: "La página no puede continuar",
    next: "Recárgala. Una pantalla de sala se recarga sola.",
    button: "Recargar",
  },
  { lang: "en", title: "The page cannot go on", next: "Reload it. A wallboard reloads by itself.", button: "Reload" },
] as const;

/** Shows words instead of an empty page when a part of the page could not be loaded, or has failed. */
export class PageBoundary extends Component<PageBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.props.onFailure();
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="page-display-refused" role="alert">
        {WORDS.map(({ lang, title, next, button }) => (
          <section key={lang} lang={lang}>
            <h1>{title}</h1>
            <p>{next}</p>
            <button type="button" onClick={() => location.reload()}>
              {button}
            </button>
          </section>
        ))}
      </main>
    );
  }
}
