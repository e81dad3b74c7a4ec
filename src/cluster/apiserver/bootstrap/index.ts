import type { Context } from "../context.ts";

export function bootstrap(_context: Context, _address: string): void {}
