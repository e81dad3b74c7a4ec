import type { Kind } from "../define.ts";
import type { Event } from "../types/core.ts";
import { eventColumns } from "./columns.ts";
import { eventDefaults, eventProblems } from "./problems.ts";
import { selectableOfEvent } from "./selectable.ts";

/** Something that happened to an object. */
export const event: Kind<Event> = {
  kind: "Event",
  plural: "events",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["ev"],
  defaults: eventDefaults,
  problems: eventProblems,
  nameRule: "path",
  selectable: selectableOfEvent,
  columns: eventColumns,
};
