import { useText } from "../board-context.ts";

/** The sign of a level. The shapes differ, for people who do not see the colours: a filled octagon, and a triangle. */
export function LevelMark({ level }: { level: "critical" | "warn" }) {
  const text = useText();
  return (
    <>
      <svg className="vg-icon vg-wb-mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false" data-need={level}>
        {level === "critical" ? (
          <path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2l4-4Zm2.8 3v5m0 2.2v.4" />
        ) : (
          <path d="M8 1.8 15 14H1L8 1.8Zm0 4.4v3.6m0 1.9v.2" />
        )}
      </svg>
      <span className="vg-hidden">{text.text(`alertLevel.${level}`)}: </span>
    </>
  );
}
