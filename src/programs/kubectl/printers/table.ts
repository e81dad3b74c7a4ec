import type { Json, JsonObject } from "../../../base/json.ts";
import { compareText } from "../../../base/json.ts";
import { sameJson } from "../../../base/json-object.ts";
import { tableStyle, tabText } from "../../../base/tab-text.ts";

/** How a table is shown. */
export interface TableOptions {
  readonly wide?: boolean;
  readonly noHeaders?: boolean;
  readonly showLabels?: boolean;
  readonly labelColumns?: readonly string[];
  readonly withNamespace?: boolean;
  /** deployment.apps: stands before the names. */
  readonly kind?: string | undefined;
}

interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly priority?: number;
}

interface Row {
  readonly cells: readonly Json[];
  readonly object?: JsonObject;
}

/** Prints the server's Tables (cli-runtime TablePrinter, 1.35): headers once, then rows. Its lines have tabs for columns. */
export class TableLines {
  private readonly options: TableOptions;
  private lastColumns: readonly Column[] = [];
  private headersShown = false;

  constructor(options: TableOptions) {
    this.options = options;
  }

  /** The lines of a table, "" where it has no rows. `event` is the watch event it came with, where that is shown. */
  linesOf(table: JsonObject, event?: string): string {
    const given = (table.columnDefinitions ?? []) as unknown as readonly Column[];
    const rows = (table.rows ?? []) as unknown as readonly Row[];
    const same = given.length === 0 || sameColumns(given, this.lastColumns);
    if (!same) {
      this.lastColumns = given;
      this.headersShown = false;
    }
    if (rows.length === 0) return "";
    const headers = !this.options.noHeaders && !this.headersShown;
    this.headersShown = true;
    const columns = this.lastColumns;
    const lines = headers ? [this.headerLine(columns, event !== undefined)] : [];
    for (const row of rows) lines.push(this.rowLine(columns, row, event));
    return lines.map((line) => `${line}\n`).join("");
  }

  private headerLine(columns: readonly Column[], withEvent: boolean): string {
    const { wide, withNamespace, showLabels, labelColumns = [] } = this.options;
    return [
      ...(withEvent ? ["EVENT"] : []),
      ...(withNamespace ? ["NAMESPACE"] : []),
      ...columns.filter(({ priority }) => wide || !priority).map(({ name }) => name.toUpperCase()),
      ...labelColumns.map((label) => label.slice(label.lastIndexOf("/") + 1).toUpperCase()),
      ...(showLabels ? ["LABELS"] : []),
    ].join("\t");
  }

  private rowLine(columns: readonly Column[], { cells, object }: Row, event: string | undefined): string {
    const { wide, withNamespace, showLabels, labelColumns = [], kind } = this.options;
    const metadata = (object?.metadata ?? {}) as { namespace?: string; labels?: Readonly<Record<string, string>> };
    const shown: string[] = event === undefined ? [] : [event];
    if (withNamespace) shown.push(metadata.namespace ?? "");
    const nameAt = kind === undefined ? -1 : columns.findIndex((one) => one.format === "name" && one.type === "string");
    columns.forEach(({ priority }, i) => {
      if (!wide && priority) return;
      const cell = cellText(cells[i]);
      shown.push(i === nameAt ? `${kind}/${cell}` : cell);
    });
    const labels = metadata.labels ?? {};
    for (const label of labelColumns) shown.push(labels[label] ?? "");
    if (showLabels) shown.push(labelsText(labels));
    return shown.join("\t");
  }
}

/** The server gives the same definitions again and again, mostly as the very same object. */
function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a === b || sameJson(a as unknown as Json, b as unknown as Json);
}

function cellText(cell: Json | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? cell : `${cell.slice(0, end)}...`;
}

/** a=1,b=2 by key; <none> */
export function labelsText(labels: Readonly<Record<string, string | undefined>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort(compareText);
  return keys.length === 0 ? "<none>" : keys.map((key) => `${key}=${labels?.[key]}`).join(",");
}

/** Tables of several kinds one after the other: aligned each for itself, an empty line between them. */
export class TableText {
  private pending = "";
  private widths: number[] = [];
  private readonly write: (text: string) => void;
  private separated = false;
  /** Whether anything was printed yet. */
  written = false;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  add(lines: string): void {
    if (lines === "") return;
    if (this.separated) {
      this.write("\n");
      this.separated = false;
    }
    this.written = true;
    this.pending += lines;
  }

  /** Writes what was added, aligned; column widths are remembered for what follows. */
  flush(): void {
    if (this.pending === "") return;
    this.write(tabText(this.pending, tableStyle, this.widths));
    this.pending = "";
  }

  /** The next lines belong to another table. */
  startNext(separate: boolean): void {
    this.flush();
    this.widths = [];
    if (separate && this.written) this.separated = true;
  }
}

/** Rows of cells as an aligned table. */
export function tableText(rows: readonly (readonly string[])[]): string {
  return tabText(rows.map((row) => `${row.join("\t")}\n`).join(""), tableStyle);
}
