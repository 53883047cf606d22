import { useId, useState } from "react";
import { useAgentClient } from "../../react/provider.tsx";
import { EVERY_GROUP, type WallboardLink } from "../model/display-links.ts";
import { useText } from "./board-context.ts";
import { type AskHub, useWallboardLinks, type WallboardLinks } from "./wallboard-links.ts";

/** Lists, makes and removes the links that sign wallboards in. For an admin. It may stand inside a form. */
export default function DisplayLinks({ ask }: { ask: AskHub }) {
  const text = useText();
  const client = useAgentClient();
  const wallboards = useWallboardLinks(ask);
  const [teams] = useState(() => [...new Set(client.agents().flatMap(({ groups }) => groups))].sort(text.compare));
  const { links, note } = wallboards;
  return (
    <section className="vg-displays" aria-label={text.text("displays.title")}>
      <h3>{text.text("displays.title")}</h3>
      <p className="vg-sub">{text.text("displays.lead")}</p>
      {links?.length === 0 && <p>{text.text("displays.none")}</p>}
      {links !== null && links.length > 0 && (
        <ul>
          {links.map((link) => (
            <LinkLine key={link.name} link={link} {...wallboards} />
          ))}
        </ul>
      )}
      <NewLinkFields teams={teams} {...wallboards} />
      <p role="status" data-failed={note?.failed || undefined}>
        {note?.words}
      </p>
    </section>
  );
}

function LinkLine({ link, isWaiting, remove }: { link: WallboardLink } & WallboardLinks) {
  const text = useText();
  const [isSure, setSure] = useState(false);
  const { name, groups, madeBy, madeAt, usedAt, expiresAt } = link;
  const facts = [
    text.text("displays.made", { name: madeBy, time: text.dateTime(madeAt) }),
    usedAt === null ? text.text("displays.unused") : text.text("displays.used", { time: text.dateTime(usedAt) }),
    text.text("displays.ends", { time: text.dateTime(expiresAt) }),
  ];
  return (
    <li>
      <div>
        <b>{name}</b> {groups.includes(EVERY_GROUP) ? text.text("displays.all") : text.list(groups)}
        <p className="vg-sub">{facts.join(" · ")}</p>
      </div>
      <button
        type="button"
        className="vg-button"
        aria-label={text.text(isSure ? "displays.confirmFor" : "displays.removeFor", { name })}
        disabled={isWaiting}
        onBlur={() => setSure(false)}
        onClick={() => (isSure ? void remove(name) : setSure(true))}
      >
        {text.text(isSure ? "displays.confirm" : "displays.remove")}
      </button>
    </li>
  );
}

function NewLinkFields({ teams, links, made, isWaiting, make }: { teams: readonly string[] } & WallboardLinks) {
  const text = useText();
  const id = useId();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isCopied, setCopied] = useState(false);
  const isReady = name.trim() !== "" && chosen.length > 0 && !isWaiting;
  const submit = async () => {
    if (!isReady) return;
    setCopied(false);
    if (await make(name.trim(), chosen)) setName("");
  };
  const copy = (url: string) => {
    // Where the browser refuses, the field is there to copy from.
    navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const toggle = (team: string) => {
    if (chosen.includes(team)) return setChosen(chosen.filter((other) => other !== team));
    setChosen(team === EVERY_GROUP ? [team] : [...chosen.filter((other) => other !== EVERY_GROUP), team]);
  };
  return (
    <>
      <label className="vg-field">
        <span>{text.text("displays.name")}</span>
        <input
          type="text"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            // The form around it has another button.
            event.preventDefault();
            void submit();
          }}
        />
      </label>
      <fieldset className="vg-checks">
        <legend>{text.text("displays.teams")}</legend>
        {[EVERY_GROUP, ...teams].map((team) => (
          <label key={team} className="vg-check">
            <input type="checkbox" checked={chosen.includes(team)} onChange={() => toggle(team)} />
            {team === EVERY_GROUP ? text.text("displays.all") : team}
          </label>
        ))}
      </fieldset>
      <div>
        <button type="button" className="vg-button" disabled={!isReady} onClick={() => void submit()}>
          {text.text(links?.some((link) => link.name === name.trim()) ? "displays.replace" : "displays.make")}
        </button>
      </div>
      {made !== null && (
        <div key={made.url} className="vg-field">
          <label htmlFor={id}>{text.text("displays.url", { name: made.name })}</label>
          <div className="vg-made">
            <input ref={focusField} id={id} type="text" readOnly value={made.url} onFocus={(event) => event.target.select()} />
            <button type="button" className="vg-button" onClick={() => copy(made.url)}>
              {text.text(isCopied ? "displays.copied" : "displays.copy")}
            </button>
          </div>
          <p className="vg-sub">{text.text("displays.once")}</p>
        </div>
      )}
    </>
  );
}

/** The new link may be below the edge of the dialog. */
function focusField(field: HTMLInputElement | null): void {
  field?.focus();
}
