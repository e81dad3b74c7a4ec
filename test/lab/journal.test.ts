import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claim } from "../../src/lab/claim.ts";
import { Journal, type JournalHead, readJournal } from "../../src/lab/journal.ts";
import { AttemptStore, dataFolder } from "../../src/lab/store.ts";
import { temporaryFolder } from "./fixture.ts";

const paper = { id: "p", title: "P", minutes: 1, pass: 66, tasks: [] };
const head: JournalHead = { journal: 1, version: "1", id: "i", kind: "exam", paper, seed: "s", start: 5 };

function journalOfTwo(): string {
  const path = join(temporaryFolder(), "journal.jsonl");
  const journal = Journal.create(path, head);
  journal.write(10, { do: "keys", session: 0, text: "a\n" });
  journal.write(20, { do: "wait" });
  journal.close();
  return path;
}

test("what was written is read again", () => {
  const { head: read, entries } = readJournal(journalOfTwo());
  expect(read).toEqual(head);
  expect(entries).toEqual([
    { at: 10, input: { do: "keys", session: 0, text: "a\n" } },
    { at: 20, input: { do: "wait" } },
  ]);
});

test("a cut last line is as if it had not been written", () => {
  const path = journalOfTwo();
  const whole = readFileSync(path, "utf8");
  appendFileSync(path, '{"at":30,"do":"keys","text":"ü');
  const { entries, length } = readJournal(path);
  expect(entries).toHaveLength(2);
  const journal = Journal.append(path, length);
  journal.write(40, { do: "wait" });
  journal.close();
  expect(readFileSync(path, "utf8")).toBe(`${whole}{"at":40,"do":"wait"}\n`);
});

test("damage in the middle is told, not guessed at", () => {
  const path = journalOfTwo();
  writeFileSync(path, readFileSync(path, "utf8").replace('"at":10', '"at":1"'));
  expect(() => readJournal(path)).toThrow(/line 2 of .* is damaged/);
});

test("a folder that cannot be written is one sentence", () => {
  const folder = join(temporaryFolder(), "file");
  writeFileSync(folder, "");
  const store = new AttemptStore(join(folder, "attempts"));
  expect(() => store.create(new Date(0))).toThrow(/^cannot write .*attempts: .*; CKA_LAB_HOME names another folder$/);
});

test("attempts are kept in the order of their beginning", () => {
  const store = new AttemptStore(join(temporaryFolder(), "attempts"));
  expect(store.list()).toEqual([]);
  const first = store.create(new Date(Date.UTC(2026, 0, 2, 3, 4, 5)));
  const second = store.create(new Date(Date.UTC(2026, 0, 2, 3, 4, 5)));
  expect([first.id, second.id]).toEqual(["20260102-030405", "20260102-030405-1"]);
  for (const { journal } of [first, second]) Journal.create(journal, head).close();
  expect(store.unfinished()?.id).toBe(second.id);
  store.saveReport(second.id, { paper: "P", seed: "s", tasks: [], domains: [], score: 0, pass: 66, passed: false });
  expect(store.unfinished()?.id).toBe(first.id);
  expect(store.report(second.id)?.paper).toBe("P");
});

test("where data belongs on each system", () => {
  expect(dataFolder({ CKA_LAB_HOME: "/x" }, "linux")).toBe("/x");
  expect(dataFolder({ XDG_DATA_HOME: "/data" }, "linux")).toBe(join("/data", "cka-lab"));
  expect(dataFolder({ XDG_DATA_HOME: "data" }, "linux")).toMatch(/\.local.share.cka-lab$/);
  expect(dataFolder({}, "darwin")).toMatch(/Library.Application Support.cka-lab$/);
  expect(dataFolder({ LOCALAPPDATA: "/l" }, "win32")).toBe(join("/l", "cka-lab"));
});

test("one process works on an attempt at a time; a dead one's claim counts nothing", () => {
  const folder = temporaryFolder();
  const file = join(folder, "in-use");
  writeFileSync(file, `${process.ppid}\n`);
  expect(() => claim("a", folder)).toThrow(
    /^attempt a is open in another terminal \(process \d+\); if it is not, remove /,
  );
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  writeFileSync(file, `${dead}\n`);
  claim("a", folder);
  claim("a", folder);
  expect(readFileSync(file, "utf8")).toBe(`${process.pid}\n`);
});
