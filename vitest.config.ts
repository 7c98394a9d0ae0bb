import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "lemmas", include: ["properties/**/*.spec.ts"], exclude: ["properties/theorems/**"] } },
      { test: { name: "theorems", include: ["properties/theorems/**/*.spec.ts"], testTimeout: 900_000 } },
    ],
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/model/kernel/assembly/**"] },
  },
});
