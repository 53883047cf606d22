import { useState } from "react";
import { AgentBoard } from "../AgentBoard.tsx";
import { Parts } from "./Parts.tsx";
import { STORIES, type Story } from "./story-list.ts";

/** Shows each part and each state of the board with fixed data. `?only=…` shows one story by its name. */
export function Stories() {
  const only = new URLSearchParams(location.search).get("only");
  const shown = STORIES.filter(({ name }) => only === null || name === only);
  return (
    <>
      <h1>Stories</h1>
      {only === null && <Parts />}
      {shown.map((story) => (
        <Stage key={story.name} story={story} />
      ))}
    </>
  );
}

function Stage({ story }: { story: Story }) {
  const [client] = useState(story.client);
  const { name, width, height, props } = story;
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <div className="box" style={{ width, height }}>
        <AgentBoard client={client} title="Centro México" storage={null} {...props} />
      </div>
    </section>
  );
}
