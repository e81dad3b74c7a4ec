/** field.Invalid's text; a text value comes quoted. */
export function invalid(path: string, value: string | number, why: string): string {
  return `${path}: Invalid value: ${value}: ${why}`;
}
