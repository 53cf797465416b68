import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const hub = process.env["TAWNY_HUB"] ?? "http://127.0.0.1:8090";

export default defineConfig({
  plugins: [react()],
  build: {
    // The page's policy is script-src and style-src 'self': nothing may be inlined as data: or <style>.
    assetsInlineLimit: 0,
    // light-dark() must stay as written: rewritten for older browsers it no longer follows a nested color-scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: hub, ws: true } } },
  preview: { host: "127.0.0.1", proxy: { "/api": { target: hub, ws: true } } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], restoreMocks: true },
});
