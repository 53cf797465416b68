import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const frameworks = {
  paths: ["react", "react-dom", "@tanstack/react-query"].map((name) => ({
    name,
    message: "The engines know no framework: take a container or canvas by constructor.",
  })),
  patterns: ["react-dom/*", "react/*", "@radix-ui/*"],
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/gen.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/player/**", "src/timeline/**"],
    rules: { "no-restricted-imports": ["error", frameworks] },
  },
  // A list of sentences is read from top to bottom, however long.
  { files: ["src/text/en.ts"], rules: { "max-lines": "off" } },
  { files: ["eslint.config.js"], ...tseslint.configs.disableTypeChecked },
);
