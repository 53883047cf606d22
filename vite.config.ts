import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const PAGES: Readonly<Record<string, string>> = {
  "/": "/dashboard/index.html",
  "/stories": "/dashboard/board/stories/index.html",
};

/** `/stories` on the development server shows every part of the board; nothing of it is built. */
function developmentPages(): Plugin {
  return {
    name: "vigia-development-pages",
    apply: "serve",
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        const [path = "", query = ""] = (request.url ?? "").split("?");
        const page = PAGES[path];
        if (page !== undefined) request.url = query === "" ? page : `${page}?${query}`;
        next();
      });
    },
  };
}

/**
 * Preact renders the page that the hub serves: it does there what React does, in 10 KiB instead of 67 (docs/decisions.md). The
 * sources are written for React, which renders the components in other people's pages, and here on the development server.
 */
const PREACT = [
  { find: "react/jsx-runtime", replacement: "preact/jsx-runtime" },
  { find: "react-dom/client", replacement: "preact/compat/client" },
  { find: "react-dom", replacement: "preact/compat" },
  { find: "react", replacement: "preact/compat" },
];

/** `BOARD_RENDERER=react` builds the page with React, to compare the two (scripts/oracle/react-board.ts). */
const renderer = process.env["BOARD_RENDERER"] === "react" ? [] : PREACT;

export default defineConfig(({ command }) => ({
  // Not "dashboard" while serving: there Vite would take the folder dashboard/react for the package react.
  root: command === "serve" ? "." : "dashboard",
  plugins: [react(), developmentPages()],
  resolve: { alias: command === "build" ? renderer : [] },
  optimizeDeps: { entries: Object.values(PAGES).map((page) => page.slice(1)) },
  build: {
    outDir: "../dist/dashboard",
    emptyOutDir: true,
    // First versions with light-dark() and Promise.withResolvers: all of 2024.
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
  },
}));
