import { expect, test } from "vitest";
import { entriesOf, type TarEntry, tarOf } from "../../../src/programs/kubectl/tar-entries.ts";

const long = `${"folder-of-a-long-name/".repeat(7)}file`;
const entries: readonly TarEntry[] = [
  { name: "empty", isFolder: false, mode: 0o644, text: "" },
  { name: "block", isFolder: false, mode: 0o600, text: "x".repeat(512) },
  { name: "žluťoučký 日本", isFolder: false, mode: 0o755, text: "bytes: \udc80\udcff, text: ě\n" },
  { name: long, isFolder: false, mode: 0o644, text: "deep\n" },
];

test("what is put into an archive comes out again", () => {
  expect([...entriesOf(tarOf(entries))]).toEqual(entries);
});

test("an archive is made of whole blocks and ends with two empty ones", () => {
  const archive = tarOf(entries.slice(0, 2));
  expect(archive.length).toBe(512 + 512 + 512 + 1024);
  expect(archive.slice(257, 265)).toBe("ustar\u000000");
});

test("folders end with a slash", () => {
  const folder = { name: "etc", isFolder: true, mode: 0o755, text: "" };
  expect([...entriesOf(tarOf([folder]))]).toEqual([{ ...folder, name: "etc/" }]);
});
