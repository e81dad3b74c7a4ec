import type { Key } from "./keys.ts";

/** What the editor holds. `cursor` counts UTF-16 units and stands between whole characters. */
export interface EditorState {
  readonly text: string;
  readonly cursor: number;
  /** Cut text, the newest last, for Ctrl-Y. */
  readonly killed: readonly string[];
  /** Which history entry is shown; history.length is the line being typed. */
  readonly place: number;
  /** The line being typed while an older one is shown. */
  readonly draft: string;
  readonly search: { readonly text: string; readonly at: number; readonly from: EditorState } | undefined;
  /** How often Alt-. was pressed in a row, and what it put there. */
  readonly lastWord: { readonly back: number; readonly length: number } | undefined;
  readonly undo: readonly { readonly text: string; readonly cursor: number }[];
}

/** What the owner of the editor has to do after a key. */
export type EditorAction = "none" | "accept" | "end" | "interrupt" | "complete" | "clear" | "bell" | "suspend";

export interface EditorResult {
  readonly state: EditorState;
  readonly action: EditorAction;
}

export function newEditor(history: readonly string[], text = ""): EditorState {
  return {
    text,
    cursor: text.length,
    killed: [],
    place: history.length,
    draft: "",
    search: undefined,
    lastWord: undefined,
    undo: [],
  };
}

/** The state after a key, with emacs' keys as bash has them. Pure. */
export function edit(state: EditorState, key: Key, history: readonly string[]): EditorResult {
  if (state.search) return searching(state, key, history);
  if (key.type !== "key") return done(insert(state, key.text));
  const next = { ...state, lastWord: undefined };
  const plain = moves[key.name] ?? changes[key.name];
  if (plain) return done(plain(next));
  return special(state, key.name, history);
}

function done(state: EditorState, action: EditorAction = "none"): EditorResult {
  return { state, action };
}

function special(state: EditorState, name: string, history: readonly string[]): EditorResult {
  switch (name) {
    case "enter":
    case "ctrl-m":
      return done(state, "accept");
    case "ctrl-c":
      return done(state, "interrupt");
    case "ctrl-d":
      return state.text === "" ? done(state, "end") : done(cut(state, state.cursor, after(state), false));
    case "tab":
      return done(state, "complete");
    case "ctrl-l":
      return done(state, "clear");
    case "ctrl-z":
      return done(state, "suspend");
    case "up":
    case "ctrl-p":
      return browse(state, state.place - 1, history);
    case "down":
    case "ctrl-n":
      return browse(state, state.place + 1, history);
    case "alt-<":
      return browse(state, 0, history);
    case "alt->":
      return browse(state, history.length, history);
    case "ctrl-r":
      return done({ ...state, search: { text: "", at: history.length, from: state } });
    case "alt-.":
    case "alt-_":
      return done(lastArgument(state, history));
    default:
      return done(state, "none");
  }
}

// ---- moving

const before = (state: EditorState): number =>
  state.cursor - ([...state.text.slice(0, state.cursor)].at(-1)?.length ?? 0);
const after = (state: EditorState): number => state.cursor + ([...state.text.slice(state.cursor)][0]?.length ?? 0);

function wordStart({ text, cursor }: EditorState): number {
  return text.slice(0, cursor).replace(/[\p{L}\p{N}]+[^\p{L}\p{N}]*$/u, "").length;
}

function wordEnd({ text, cursor }: EditorState): number {
  return cursor + (/^[^\p{L}\p{N}]*[\p{L}\p{N}]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

const to =
  (cursor: number) =>
  (state: EditorState): EditorState => ({ ...state, cursor });

const moves: Readonly<Record<string, (state: EditorState) => EditorState>> = {
  left: (s) => to(before(s))(s),
  "ctrl-b": (s) => to(before(s))(s),
  right: (s) => to(after(s))(s),
  "ctrl-f": (s) => to(after(s))(s),
  home: (s) => to(lineStart(s))(s),
  "ctrl-a": (s) => to(lineStart(s))(s),
  end: (s) => to(lineEnd(s))(s),
  "ctrl-e": (s) => to(lineEnd(s))(s),
  "alt-b": (s) => to(wordStart(s))(s),
  "alt-f": (s) => to(wordEnd(s))(s),
};

const lineStart = ({ text, cursor }: EditorState): number => text.lastIndexOf("\n", cursor - 1) + 1;
function lineEnd({ text, cursor }: EditorState): number {
  const at = text.indexOf("\n", cursor);
  return at < 0 ? text.length : at;
}

// ---- changing

function remember(state: EditorState): EditorState["undo"] {
  return [...state.undo.slice(-200), { text: state.text, cursor: state.cursor }];
}

function insert(state: EditorState, text: string): EditorState {
  const { text: old, cursor } = state;
  return {
    ...state,
    text: old.slice(0, cursor) + text + old.slice(cursor),
    cursor: cursor + text.length,
    lastWord: undefined,
    undo: remember(state),
  };
}

/** Takes the characters from `from` to `end` out; `keep` puts them where Ctrl-Y finds them. */
function cut(state: EditorState, from: number, end: number, keep: boolean): EditorState {
  if (from >= end) return state;
  const { text } = state;
  return {
    ...state,
    text: text.slice(0, from) + text.slice(end),
    cursor: from,
    killed: keep ? [...state.killed, text.slice(from, end)] : state.killed,
    undo: remember(state),
  };
}

function transpose(state: EditorState): EditorState {
  const { text, cursor } = state;
  const characters = [...text.slice(0, cursor === text.length ? cursor : after(state))];
  if (characters.length < 2) return state;
  const [last = "", previous = ""] = [characters.pop(), characters.pop()];
  const head = characters.join("") + last + previous;
  return { ...state, text: head + text.slice(head.length), cursor: head.length, undo: remember(state) };
}

function inCase(change: (word: string) => string) {
  return (state: EditorState): EditorState => {
    const end = wordEnd(state);
    const { text, cursor } = state;
    return {
      ...state,
      text: text.slice(0, cursor) + change(text.slice(cursor, end)) + text.slice(end),
      cursor: end,
      undo: remember(state),
    };
  };
}

const blankWordStart = ({ text, cursor }: EditorState): number => text.slice(0, cursor).replace(/\S+\s*$/, "").length;

const changes: Readonly<Record<string, (state: EditorState) => EditorState>> = {
  backspace: (s) => cut(s, before(s), s.cursor, false),
  "ctrl-h": (s) => cut(s, before(s), s.cursor, false),
  delete: (s) => cut(s, s.cursor, after(s), false),
  "ctrl-w": (s) => cut(s, blankWordStart(s), s.cursor, true),
  "alt-backspace": (s) => cut(s, wordStart(s), s.cursor, true),
  "alt-d": (s) => ({ ...cut(s, s.cursor, wordEnd(s), true), cursor: s.cursor }),
  "ctrl-u": (s) => cut(s, lineStart(s), s.cursor, true),
  "ctrl-k": (s) => ({ ...cut(s, s.cursor, lineEnd(s), true), cursor: s.cursor }),
  "ctrl-y": (s) => insert(s, s.killed.at(-1) ?? ""),
  "ctrl-t": transpose,
  "alt-u": inCase((word) => word.toUpperCase()),
  "alt-l": inCase((word) => word.toLowerCase()),
  "alt-c": inCase((word) => word.replace(/[\p{L}\p{N}]/u, (c) => c.toUpperCase())),
  "ctrl-_": (s) => {
    const last = s.undo.at(-1);
    return last ? { ...s, ...last, undo: s.undo.slice(0, -1) } : s;
  },
};

// ---- history

function browse(state: EditorState, place: number, history: readonly string[]): EditorResult {
  if (place < 0 || place > history.length) return done(state, "bell");
  const draft = state.place === history.length ? state.text : state.draft;
  const text = place === history.length ? draft : (history[place] ?? "");
  return done({ ...state, text, cursor: text.length, place, draft, lastWord: undefined });
}

/** Alt-. puts in the last word of the line before; pressed again, of the one before that. */
function lastArgument(state: EditorState, history: readonly string[]): EditorState {
  const back = (state.lastWord?.back ?? 0) + 1;
  const line = history[history.length - back];
  if (line === undefined) return state;
  const word = /\S+\s*$/.exec(line)?.[0].trim() ?? "";
  const length = state.lastWord?.length ?? 0;
  const cleared = cut(state, state.cursor - length, state.cursor, false);
  return { ...insert(cleared, word), lastWord: { back, length: word.length } };
}

// ---- Ctrl-R

function searching(state: EditorState, key: Key, history: readonly string[]): EditorResult {
  const search = state.search;
  if (!search) return done(state);
  if (key.type !== "key") return done(find(state, search.text + key.text, search.at + 1, history));
  switch (key.name) {
    case "ctrl-r":
      return done(find(state, search.text, search.at, history));
    case "backspace":
      return done(find(state, [...search.text].slice(0, -1).join(""), history.length, history));
    case "ctrl-g":
      return done(search.from);
    case "ctrl-c":
      return done({ ...search.from, search: undefined }, "interrupt");
    default: {
      const found = { ...state, search: undefined, place: Math.min(search.at, history.length) };
      return key.name === "escape" ? done(found) : edit(found, key, history);
    }
  }
}

/** The newest entry before `limit` that holds `text`. */
function find(state: EditorState, text: string, limit: number, history: readonly string[]): EditorState {
  const search = state.search;
  if (!search) return state;
  for (let at = Math.min(limit, history.length) - 1; at >= 0 && text !== ""; at--) {
    const column = (history[at] ?? "").indexOf(text);
    if (column >= 0)
      return { ...state, text: history[at] ?? "", cursor: column + text.length, search: { ...search, text, at } };
  }
  return { ...state, search: { ...search, text } };
}

/** What stands before the cursor's line while Ctrl-R looks. */
export function searchPrompt(state: EditorState): string | undefined {
  if (!state.search) return undefined;
  const found = state.search.text === "" || state.text.includes(state.search.text);
  return `${found ? "" : "(failed "}${found ? "(" : ""}reverse-i-search)\`${state.search.text}': `;
}
