import { requireSelection } from "theorycheck/vitest/config";
import { defineConfig } from "vitest/config";

export default defineConfig({ plugins: [requireSelection()] });
