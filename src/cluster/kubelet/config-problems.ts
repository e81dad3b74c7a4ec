import { SECOND } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import type { KubeletConfig } from "./kubelet-config.ts";

/** What a kubelet's configuration may not say, of what is read of it here (pkg/kubelet/apis/config/validation, 1.35). */
export function configProblem({ imageCollection, maxPods, healthzPort, port }: KubeletConfig): string | undefined {
  const { high, low, youngest } = imageCollection;
  const problems: string[] = [];
  const isPort = (number: number) => number >= 1 && number <= 65_535;
  const isPercent = (number: number) => number >= 0 && number <= 100;
  if (healthzPort !== 0 && !isPort(healthzPort))
    problems.push(`healthzPort (--healthz-port) ${healthzPort} must be between 1 and 65535, inclusive`);
  const [upper, lower] = [
    "imageGCHighThresholdPercent (--image-gc-high-threshold)",
    "imageGCLowThresholdPercent (--image-gc-low-threshold)",
  ];
  if (!isPercent(high)) problems.push(`${upper} ${high} must be between 0 and 100, inclusive`);
  if (!isPercent(low)) problems.push(`${lower} ${low} must be between 0 and 100, inclusive`);
  if (low >= high) problems.push(`${lower} ${low} must be less than ${upper} ${high}`);
  if (youngest < 0) problems.push(`imageMinimumGCAge ${goDuration(youngest * SECOND)} must not be negative`);
  if (maxPods < 0) problems.push(`maxPods (--max-pods) ${maxPods} must not be a negative number`);
  if (!isPort(port)) problems.push(`port (--port) ${port} must be between 1 and 65535, inclusive`);
  const texts = problems.map((problem) => `invalid configuration: ${problem}`);
  if (texts.length === 0) return undefined;
  const all = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return `failed to validate kubelet configuration, error: ${all}, path: &TypeMeta{Kind:,APIVersion:,}`;
}
