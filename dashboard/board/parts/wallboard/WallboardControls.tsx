import { useEffect } from "react";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";

interface WallboardControlsProps {
  held: boolean;
  onHold: (held: boolean) => void;
  /** Null: there is nothing else to go to. */
  onLeave: (() => void) | null;
  /** Whether somebody is at the screen. The keyboard's focus shows the controls too. */
  visible: boolean;
}

/** The buttons of whoever stands at the wallboard. They hide when nobody moves. Escape leaves the wallboard as well. */
export function WallboardControls({ held, onHold, onLeave, visible }: WallboardControlsProps) {
  const text = useText();
  useEffect(() => {
    if (onLeave === null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && isForWallboard(event.target)) onLeave();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [onLeave]);
  return (
    <aside className="vg-wb-controls" aria-label={text.text("wallboard.controls")} data-visible={visible || undefined}>
      <button type="button" className="vg-button" aria-pressed={held} onClick={() => onHold(!held)}>
        <Icon name={held ? "play" : "pause"} />
        {text.text(held ? "wallboard.turn" : "wallboard.hold")}
      </button>
      {onLeave !== null && (
        <button type="button" className="vg-button" onClick={onLeave}>
          <Icon name="leave" />
          {text.text("wallboard.leave")}
        </button>
      )}
    </aside>
  );
}

/** Whether a key is for the wallboard and not for another part of the page that embeds it. */
function isForWallboard(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest("[data-wallboard]") !== null);
}
