import type { Problem } from "../define.ts";
import { required, wrong } from "../problem.ts";
import type { Event } from "../types/core.ts";
import { check } from "../validation/labels.ts";
import { labelKey } from "../validation/words.ts";

/** What every event is written with, set or not. */
export function eventDefaults(event: Event): void {
  event.involvedObject ??= {};
  event.source ??= {};
  event.firstTimestamp ??= null;
  event.lastTimestamp ??= null;
  event.eventTime ??= null;
  event.reportingComponent ??= "";
  event.reportingInstance ??= "";
}

/** What is wrong with an event (core validation legacyValidateEvent, 1.35). */
export function eventProblems(event: Event): readonly Problem[] {
  const problems: Problem[] = [];
  const { namespace = "" } = event.metadata;
  const involved = event.involvedObject.namespace ?? "";
  const mismatch = wrong("involvedObject.namespace", involved, "does not match event.namespace");
  if (!event.eventTime) {
    if (involved === "" ? namespace !== "" && namespace !== "default" : namespace !== involved) problems.push(mismatch);
    return problems;
  }
  if (involved === "" && namespace !== "default" && namespace !== "kube-system") problems.push(mismatch);
  if (!event.reportingComponent) problems.push(required("reportingController"));
  check(labelKey, event.reportingComponent ?? "", "reportingController", problems);
  checkText(event.reportingInstance, 128, "reportingInstance", problems);
  checkText(event.action, 128, "action", problems);
  checkText(event.reason, 128, "reason", problems);
  if ((event.message ?? "").length > 1024) problems.push(wrong("message", "", "can have at most 1024 characters"));
  return problems;
}

function checkText(text: string | undefined, limit: number, path: string, problems: Problem[]): void {
  if (!text) problems.push(required(path));
  else if (text.length > limit) problems.push(wrong(path, "", `can have at most ${limit} characters`));
}
