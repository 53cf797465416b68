import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** One file with everything in it, which fetches nothing; its own hash stands beside it. */
const oneFile: Plugin = {
  name: "one-file",
  enforce: "post",
  generateBundle(_, bundle) {
    const page = bundle["verify.html"];
    if (page?.type !== "asset") throw new Error("verify.html is missing");
    let [script, style] = ["", ""];
    for (const [name, part] of Object.entries(bundle)) {
      if (part === page) continue;
      if (part.type === "chunk") script += part.code;
      else if (name.endsWith(".css")) style += String(part.source);
      Reflect.deleteProperty(bundle, name);
    }
    script = script.replaceAll("</script", "<\\/script");
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; media-src blob:; base-uri 'none'; form-action 'none'`;
    const html = String(page.source)
      .replace(/<script[^>]*><\/script>\s*/g, "")
      .replace(/<link[^>]*>\s*/g, "")
      .replace("<title>", () => `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <title>`)
      .replace("</head>", () => `  <style>${style}</style>\n  </head>`)
      .replace("</body>", () => `  <script type="module">${script}</script>\n  </body>`);
    page.source = html;
  },
  writeBundle(options, bundle) {
    const page = bundle["verify.html"];
    if (page?.type !== "asset" || !options.dir) throw new Error("verify.html is missing");
    const digest = createHash("sha256").update(page.source).digest("hex");
    writeFileSync(join(options.dir, "verify.html.sha256"), `${digest}  verify.html\n`);
  },
};

export default defineConfig({
  plugins: [oneFile],
  publicDir: false,
  build: {
    emptyOutDir: false,
    rolldownOptions: { input: "verify.html" },
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
  },
});
