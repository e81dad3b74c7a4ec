export { kubectl } from "./kubectl.ts";
