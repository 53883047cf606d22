import { expect, test } from "vitest";
import { listView } from "../../../dashboard/board/model/list-view.ts";
import { START_VIEW } from "../../../dashboard/board/model/view.ts";
import { viewLink } from "../../../dashboard/board/model/view-link.ts";
import { viewWords } from "../../../dashboard/board/model/view-words.ts";
import { createText } from "../../../dashboard/board/text/text.ts";

const VIEW = { ...START_VIEW, search: "ana", statuses: ["on hold" as const], queues: ["Ventas"] };

test("The link to a view has its filters and the reader's teams, and nothing that is the reader's own.", () => {
  const link = viewLink(
    "https://hub.example/?instance=x&lang=es&theme=dark&agent=a&contact=c&date=2026-01-05&q=old#token=secret",
    VIEW,
    [["México", "Ventas"]],
  );
  expect(link).toBe("https://hub.example/?instance=x&q=ana&status=on+hold&team=M%C3%A9xico%2FVentas&queue=Ventas");
  expect(viewLink("https://hub.example/?page=day&date=2026-01-05", START_VIEW, [])).toContain("date=2026-01-05");
});

test("A printed page names the teams, the search, each filter and the order in the reader's language.", () => {
  const view = listView({ ...VIEW, sort: { column: "time", descending: true } });
  expect(viewWords(view, [["México", "Ventas"]], createText("es-MX"))).toEqual([
    "Equipos: México · Ventas",
    "Búsqueda: «ana»",
    "Estado: En espera",
    "Cola: Ventas",
    "Orden: Tiempo, de mayor a menor",
  ]);
  expect(viewWords(listView(START_VIEW), [], createText("en"))).toEqual(["Teams: All teams", "Sort by: Urgency"]);
});
