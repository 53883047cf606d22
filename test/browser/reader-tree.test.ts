import { describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");

/** What a screen reader finds, from top to bottom. Times and counts that change are left out. */
const TREES = {
  en: `
link "Go to the agents"
banner
heading "Vigía" [level=1]
button "All teams"
toolbar "Board"
button "Pause"
button "Alerts 6"
button "TV"
button "Settings"
button "Menu"
main
region "Queues"
text: "Critical:"
button "Cobranza"
region "Summary"
toolbar "Summary"
button "All 19 (3 over the limit)" [pressed]
button "Available 3"
button "Ringing 1"
button "On hold 1 (1 over the limit)"
button "Missed 1"
button "Offline 1"
region "Search agents, queues and contacts"
searchbox "Search agents, queues and contacts"
toolbar "Filters and views"
button "Status"
button "Views"
button "CSV"
region "Agents, live"
table "Agents, live"
columnheader "Agent"
columnheader "Customer sentiment"
columnheader "Why"
cell "Need a hand · 4"
rowheader "Jimena Ortega México · Cobranza"
button "Jimena Ortega"
cell "On a call"
img "From +1.7 to −3.7, falling"
cell "Critical: angry now, fell 6.7 Warning: contact > 20 min"
cell "The others · 15"
rowheader "Ana Sofía Ruiz México · Ventas"
cell "Available No recent data"
cell "Offline"
status`,
  es: `
link "Ir a los agentes"
banner
heading "Vigía" [level=1]
button "Todos los equipos"
toolbar "Tablero"
button "Pausar"
button "Alertas 6"
button "TV"
button "Ajustes"
button "Menú"
main
region "Colas"
text: "Crítica:"
button "Cobranza"
region "Resumen"
toolbar "Resumen"
button "Todos 19 (3 fuera de umbral)" [pressed]
button "Disponibles 3"
button "Timbrando 1"
button "En espera 1 (1 fuera de umbral)"
button "No contestó 1"
button "Fuera de línea 1"
region "Buscar agentes, colas y contactos"
searchbox "Buscar agentes, colas y contactos"
toolbar "Filtros y vistas"
button "Estado"
button "Vistas"
button "CSV"
region "Agentes, en vivo"
table "Agentes, en vivo"
columnheader "Agente"
columnheader "Sentimiento del cliente"
columnheader "Por qué"
cell "Necesitan ayuda · 4"
rowheader "Jimena Ortega México · Cobranza"
button "Jimena Ortega"
cell "En llamada"
img "De +1.7 a −3.7, empeora"
cell "Crítica: enojado ahora, cayó 6.7 puntos Advertencia: contacto: más de 20 min"
cell "Los demás · 15"
rowheader "Ana Sofía Ruiz México · Ventas"
cell "Disponible Sin datos recientes"
cell "Fuera de línea"
status`,
};

describe("A screen reader", () => {
  for (const [lang, tree] of Object.entries(TREES)) {
    it(`finds the parts of the board in their order and by their names in ${lang}.`, async () => {
      stage.hub.changeQueues(...sampleQueues(Date.now()));
      const page = await stage.open(`?lang=${lang}`);
      await page.getByRole("rowheader").first().waitFor();
      const lines = (await page.locator(".vigia").ariaSnapshot()).split("\n").map((line) =>
        line
          .trim()
          .replace(/^- '?|^- /, "")
          .replace(/'?:?$/, "")
          .replace(/:$/, ""),
      );
      let from = 0;
      for (const wanted of tree.trim().split("\n")) {
        const at = lines.findIndex((line, index) => index >= from && (line === wanted || line === `${wanted}"`));
        expect(at, `${wanted}\n${lines.slice(from, from + 40).join("\n")}`).toBeGreaterThanOrEqual(from);
        from = at + 1;
      }
    });
  }
});
