import { expect, test } from "vitest";
import type { Lab } from "../../src/lab/define.ts";
import { LiveLab } from "../../src/lab/live-lab.ts";
import { makeWorld, usualStart } from "../../src/lab/make-world.ts";
import { Desk, type DeskPlan } from "../../src/ui/desk.ts";
import { atTerminal } from "../../src/ui/guard.ts";
import { showText } from "../../src/ui/screens/show.tsx";
import { Seat } from "./emulator.ts";

const plan: DeskPlan = {
  keys: {},
  also: {},
  help: "keys",
  status: () => ({ left: "left", keys: "", right: "right" }),
  tick: () => {},
  reopened: "",
};

function lab(): Lab {
  const make = async (_name: string, at: number) =>
    makeWorld({ name: "w", hosts: [{ name: "base", role: "none" }] }, "1", at);
  return new LiveLab({ start: usualStart, firstWorld: "w", firstHost: "base", make, worldOf: () => undefined });
}

test("a fault of the simulator takes the screen down, gives the terminal back, and is told", async () => {
  const seat = new Seat();
  const broken = lab();
  let fail = (_error: unknown): void => {};
  broken.start = (onFault) => {
    fail = onFault;
  };
  const end = atTerminal("a test", { streams: seat }, async (owner) => {
    const keys = { f1: () => showText(owner, { title: "Question", text: "What?" }).then(() => undefined) };
    await new Desk(owner, broken, { ...plan, keys }).sit("f1");
    return { status: 0 };
  });
  await seat.emulator.until(/What\?/);
  fail(new Error("the world broke"));
  await expect(end).rejects.toThrow("the world broke");
  await seat.emulator.write("");
  expect(seat.emulator.onAlternateScreen).toBe(false);
  expect(seat.stdin.raw).toBe(false);
});

test("one screen at a time; other names of the keys; keys within a screen lead to the next", async () => {
  const seat = new Seat();
  const opened: string[] = [];
  const end = atTerminal("a test", { streams: seat }, async (owner) => {
    const open = (title: string, own: string) => async () => {
      opened.push(title);
      const left = await showText(owner, { title, text: title, leavesBy: (key) => desk.keyNamed(key) !== undefined });
      return desk.onward(left.key, own);
    };
    const keys = { f1: open("first", "f1"), f2: open("second", "f2"), f10: () => void desk.end("over") };
    const desk: Desk<string> = new Desk(owner, lab(), { ...plan, keys, also: { "alt-q": "f1" } });
    return { status: 0, words: await desk.sit() };
  });
  await seat.emulator.until(/\$\n+ left +right$/);
  seat.type("\u001bq");
  await seat.emulator.until(/first/);
  seat.type("\u001bOQ");
  await seat.emulator.until(/second/);
  seat.type("\u001bOQ");
  await seat.emulator.until(/\$\n+ left +right$/);
  seat.type("\u001b[21~");
  expect(await end).toBe(0);
  expect(opened).toEqual(["first", "second"]);
  await seat.emulator.write("");
  expect(seat.emulator.text).toBe("keys\nover");
});
