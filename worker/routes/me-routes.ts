import { Hono } from "hono";
import { type AppEnv, INSTANCE } from "./app-env.ts";
import { answerFromCenter } from "./center-answers.ts";

/** What the asker may do, so that a page offers nothing else. It grants nothing: each request is checked by itself. */
export const meRoutes = new Hono<AppEnv>().basePath(INSTANCE);

meRoutes.get("/me", (c) =>
  answerFromCenter(c, null, ({ subject, name = subject, roles }) => {
    const { actions, timeZone } = c.get("settings");
    const mayAct = roles.includes("supervisor");
    return { what: "me", name, roles: [...roles], actions: mayAct ? [...actions.enabled] : [], timeZone };
  }),
);
