import { defineConfig } from "vite";

export default defineConfig(({ isSsrBuild }) => ({
  build: {
    outDir: isSsrBuild ? "../dist/server" : "../dist/client",
    emptyOutDir: true,
    rollupOptions: { input: isSsrBuild ? "server.tsx" : "main.tsx", output: { entryFileNames: "[name].js" } },
  },
}));
