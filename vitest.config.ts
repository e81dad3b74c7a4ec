import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    pool: "threads",
    isolate: false,
    // Sessions with real kubectl mostly wait.
    maxWorkers: 2,
  },
});
