import type { ConfigEnv, UserConfig } from "vite";

export default ({ isSsrBuild }: ConfigEnv): UserConfig => ({
  build: {
    outDir: isSsrBuild ? "../dist/server" : "../dist/client",
    emptyOutDir: true,
    rollupOptions: { input: isSsrBuild ? "server.tsx" : "main.tsx", output: { entryFileNames: "[name].js" } },
  },
});
