import "../../styles/tools.css";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { createReplayClient } from "../../../client/replay/replay-client.ts";
import { ReplaySession } from "../../../client/replay/replay-session.ts";
import type { ScopedSubjects } from "../../model/alert-scope.ts";
import { isOtherZone } from "../../model/day/zone-time.ts";
import { useLost } from "../Banner.tsx";
import { useText } from "../board-context.ts";
import { useCenterZone } from "../center-zone.ts";
import { Icon } from "../Icon.tsx";
import { usePastAlerts } from "./past-alerts.ts";
import { usePlayKey } from "./play-key.ts";
import { ReplayControls } from "./ReplayControls.tsx";
import { ReplayProblemLine } from "./ReplayProblemLine.tsx";
import { ReplaySlider } from "./ReplaySlider.tsx";
import type { BegunReplay, BoardReplay } from "./use-replay.ts";

interface ReplayBarProps {
  live: AgentClient;
  replay: BoardReplay;
  /** The teams that the reader has chosen: marks of other teams are left out. */
  scope: ScopedSubjects;
  /** Opens the list of alerts of the live board. */
  onLiveAlerts: () => void;
  /** Whether the reader wants keys that work alone. */
  singleKeys: boolean;
}

/** Begins the past when it is shown, and ends it when it is gone. Until the first board is there, only the bar says so. */
export default function ReplayBar(props: ReplayBarProps) {
  const { live, replay } = props;
  const { startAt, onBegin } = replay;
  useEffect(() => {
    const session = new ReplaySession(live, startAt);
    const client = createReplayClient(live, session);
    onBegin({ session, client });
    return () => client.close();
  }, [live, startAt, onBegin]);
  return replay.begun !== null && <Bar {...props} begun={replay.begun} />;
}

/** Says that the board is not live and which moment it shows, and moves through the past. */
function Bar({ live, replay, begun, scope, singleKeys, onLiveAlerts }: ReplayBarProps & { begun: BegunReplay }) {
  const text = useText();
  const zone = useCenterZone();
  const { session } = begun;
  const state = useSyncExternalStore(session.subscribe, session.state);
  const marks = usePastAlerts(live, scope);
  const bar = useRef<HTMLElement>(null);
  const leaveButton = useRef<HTMLButtonElement>(null);
  const togglePlay = () => (state.playing ? session.pause() : session.play());
  usePlayKey(bar, togglePlay);
  useEffect(() => leaveButton.current?.focus({ preventScroll: true }), []);
  const isLost = useLost(useSyncExternalStore(live.subscribeConnection, live.connection));
  return (
    <section ref={bar} className="vg-replay" aria-label={text.text("replay.title")}>
      <div className="vg-replay-head">
        <p className="vg-replay-moment">
          <Icon name="history" />
          <time dateTime={new Date(state.at).toISOString()}>
            <b>{text.time(state.at)}</b> <span>{text.day(state.at)}</span>
          </time>
          {isOtherZone(zone, state.at, state.at) && <span className="vg-sub">{text.text("day.zone", { zone })}</span>}
          <strong>{text.text("replay.notLive")}</strong>
          {state.loading && <span className="vg-sub">{text.text("replay.loading")}</span>}
        </p>
        <p className="vg-sub vg-replay-note">{text.text("replay.lookOnly")}</p>
        <LiveNews count={replay.liveNews} isLost={isLost} onPress={onLiveAlerts} />
        <button
          ref={leaveButton}
          type="button"
          className="vg-button vg-primary"
          aria-keyshortcuts={singleKeys ? "l" : undefined}
          onClick={replay.leave}
        >
          {text.text("replay.leave")}
          {singleKeys && (
            <span className="vg-replay-key" aria-hidden="true">
              L
            </span>
          )}
        </button>
      </div>
      <ReplayControls session={session} state={state} marks={marks} onTogglePlay={togglePlay} />
      <ReplaySlider session={session} state={state} marks={marks} />
      <ReplayProblemLine session={session} state={state} />
    </section>
  );
}

/** What happens on the live board meanwhile. */
function LiveNews({ count, isLost, onPress }: { count: number; isLost: boolean; onPress: () => void }): ReactNode {
  const text = useText();
  if (isLost) return <span className="vg-chip">{text.text("replay.liveLost")}</span>;
  if (count === 0) return null;
  return (
    <button type="button" className="vg-button vg-replay-news" onClick={onPress}>
      <Icon name="flag" />
      {text.count("replay.news", count)}
    </button>
  );
}
