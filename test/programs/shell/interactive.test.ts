import { describe, expect, it } from "vitest";
import { root } from "../../../src/machine/define-files.ts";
import { type Typist, type TypistOptions, typist } from "./typist.ts";

/** What is typed, and what the terminal then shows. Control keys stand for themselves: ^C, ^Z, ^D; +5 lets seconds pass. */
type Dialogue = readonly (readonly [typed: string, shown: string])[];

function hold(dialogue: Dialogue, options: TypistOptions = {}): Typist {
  const someone = typist(options);
  someone.take();
  for (const [typed, shown] of dialogue) {
    const key = { "^C": "\u0003", "^Z": "\u001a", "^D": "\u0004" }[typed];
    const seconds = /^\+([\d.]+)$/.exec(typed)?.[1];
    const input = /^\| (.*)$/.exec(typed)?.[1];
    const got =
      key !== undefined
        ? someone.keys(key)
        : seconds !== undefined
          ? someone.pass(Number(seconds))
          : input !== undefined
            ? someone.keys(`${input}\r`)
            : someone.type(typed);
    expect({ typed, shown: got }).toEqual({ typed, shown });
  }
  return someone;
}

describe("the prompt", () => {
  it("runs lines and keeps the shell's state", () => {
    hold([
      ["echo hi", "hi\n$ "],
      ["x=1; cd /etc", "$ "],
      ["echo $x $PWD", "1 /etc\n$ "],
      ["f() { echo f $1; return 4; }", "$ "],
      ["f a", "f a\n$ "],
      ["echo $?", "4\n$ "],
      ["echo -n no newline", "no newline$ "],
      ["nosuch", "bash: nosuch: command not found\n$ "],
      ["echo $?", "127\n$ "],
      ["echo )", "bash: syntax error near unexpected token `)'\n$ "],
      ["echo ${x:?} ${y:?gone}; echo no", "bash: y: gone\n$ "],
      ["echo > /none/x", "bash: /none/x: No such file or directory\n$ "],
      ["echo $-", "himBHs\n$ "],
    ]);
  });

  it("asks for the rest of an unfinished command", () => {
    hold([
      ["if true", "> "],
      ["then echo yes", "> "],
      ["fi", "yes\n$ "],
      ['echo "a', "> "],
      ['b"', "a\nb\n$ "],
      ["cat <<E", "> "],
      ["x $HOME", "> "],
      ["E", "x /root\n$ "],
      ["echo a \\", "> "],
      ["b", "a b\n$ "],
      ["echo $(", "> "],
      ["echo sub)", "sub\n$ "],
      ["true &&", "> "],
      ["echo both", "both\n$ "],
    ]);
  });

  it("shows PS1 with its escapes and expansions", () => {
    hold([
      ["PS1='\\u@\\h:\\w\\$ '", "root@host:~# "],
      ["cd /etc", "root@host:/etc# "],
      ["PS1='$((1+1)) \\W ${x:-none} $(echo sub)> '", "2 etc none sub> "],
      ["x=set", "2 etc set sub> "],
      ["PROMPT_COMMAND='echo before'", "before\n2 etc set sub> "],
      ["false", "before\n2 etc set sub> "],
      ["echo $?", "1\nbefore\n2 etc set sub> "],
    ]);
    hold([["PS1='\\u \\$ '", "candidate $ "]], { user: "candidate" });
  });

  it("expands aliases, also in substitutions and before here-documents", () => {
    hold([
      ["alias k='echo kubectl' ll='k -l ' e=x", "$ "],
      ["k get po", "kubectl get po\n$ "],
      ["ll e", "kubectl -l x\n$ "],
      ["echo $(k y); for i in 1; do k z; done | cat", "kubectl y\nkubectl z\n$ "],
      ["k() { echo function; }", "$ "],
      ["alias c=cat", "$ "],
      ["c - <<E", "> "],
      ["text", "> "],
      ["E", "text\n$ "],
      ["\\ll", "bash: ll: command not found\n$ "],
      ["type c", "c is aliased to `cat'\n$ "],
    ]);
  });
});

describe("history", () => {
  it("expands designators, words and modifiers", () => {
    hold([
      ["echo one two three", "one two three\n$ "],
      ["echo !!", "echo echo one two three\necho one two three\n$ "],
      ["echo !$", "echo three\nthree\n$ "],
      ["echo one two", "one two\n$ "],
      ["^two^2^", "echo one 2\none 2\n$ "],
      ["!1:1", "one\nbash: one: command not found\n$ "],
      ["!1:0 !1:2-3", "echo two three\ntwo three\n$ "],
      ["!nosuch", "bash: !nosuch: event not found\n$ "],
      ["echo 'no!!' \"$!\" !", "no!!  !\n$ "],
      ["cat /etc/passwd > /dev/null", "$ "],
      ["echo !$:t !cat:1:h", "echo null /etc\nnull /etc\n$ "],
      ["!-2:gs/c/k/:p", "kat /etk/passwd > /dev/null\n$ "],
    ]);
  });

  it("keeps lines as HISTCONTROL says and writes the file at the end", () => {
    const someone = hold([
      ["HISTCONTROL=ignoreboth", "$ "],
      [" echo hidden", "hidden\n$ "],
      ["echo a", "a\n$ "],
      ["echo a", "a\n$ "],
      ["for i in 1 2; do", "> "],
      ["echo $i", "> "],
      ["done", "1\n2\n$ "],
      [
        "history",
        "    1  HISTCONTROL=ignoreboth\n    2  echo a\n    3  for i in 1 2; do echo $i; done\n    4  history\n$ ",
      ],
      ["exit", "exit\n"],
    ]);
    expect(someone.host.files.read("/root/.bash_history", root)).toBe(
      "HISTCONTROL=ignoreboth\necho a\nfor i in 1 2; do echo $i; done\nhistory\nexit\n",
    );
    expect(someone.proc.state).toBe("ended");
  });
});

describe("jobs", () => {
  it("are told when they start, end or are killed", () => {
    const someone = typist();
    someone.take();
    expect(someone.type("sleep 10 &")).toMatch(/^\[1\] \d+\n\$ $/);
    expect(someone.type("jobs")).toBe("[1]+  Running                 sleep 10 &\n$ ");
    expect(someone.type("sleep 20 &")).toMatch(/^\[2\] \d+\n\$ $/);
    expect(someone.type("jobs")).toBe(
      "[1]-  Running                 sleep 10 &\n[2]+  Running                 sleep 20 &\n$ ",
    );
    someone.pass(11);
    expect(someone.type("")).toBe("[1]-  Done                    sleep 10\n$ ");
    expect(someone.type("kill %2")).toContain("[2]+  Terminated              sleep 20\n");
    expect(someone.type("(exit 3) &") + someone.type("")).toContain("[1]+  Exit 3                  ( exit 3 )\n$ ");
  });

  it("stop at Ctrl-Z and go on with fg and bg", () => {
    hold([
      ["sleep 100", ""],
      ["^Z", "^Z\n[1]+  Stopped                 sleep 100\n$ "],
      ["echo $?", "148\n$ "],
      ["bg", "[1]+ sleep 100 &\n$ "],
      ["fg", "sleep 100\n"],
      ["^C", "^C\n$ "],
      ["echo $?", "130\n$ "],
      ["sleep 50 | cat", ""],
      ["^Z", "^Z\n[1]+  Stopped                 sleep 50 | cat\n$ "],
      ["exit", "exit\nThere are stopped jobs.\n$ "],
      ["kill %1", "[1]+  Terminated              sleep 50 | cat\n$ "],
    ]);
  });

  it("in the background do not take the terminal's input", () => {
    const someone = hold([]);
    someone.type("cat &");
    expect(someone.type("jobs")).toBe("[1]+  Stopped                 cat\n$ ");
    expect(someone.type("fg")).toBe("cat\n");
    expect(someone.keys("abc\r")).toBe("abc\nabc\n");
    expect(someone.keys("\u0004")).toBe("$ ");
  });
});

describe("Ctrl-C", () => {
  it("ends what runs in the foreground, whatever it is", () => {
    hold([
      ["while :; do :; done", ""],
      ["^C", "^C\n$ "],
      ["echo $?", "130\n$ "],
      ["for i in 1 2 3; do echo $i; sleep 5; done", "1\n"],
      ["+5", "2\n"],
      ["^C", "^C\n$ "],
      ["sleep 9; echo not reached", ""],
      ["^C", "^C\n$ "],
      ["f() { local x=1; sleep 9; }; f", ""],
      ["^C", "^C\n$ "],
      ["echo [$x]", "[]\n$ "],
      ["read line", ""],
      ["^C", "^C\n$ "],
      ["yes > /dev/null", ""],
      ["^C", "^C\n$ "],
      ["(while :; do :; done) | cat", ""],
      ["^C", "^C\n$ "],
    ]);
  });

  it("at the prompt gives a new one", () => {
    const someone = hold([["true", "$ "]]);
    someone.terminal.answer({ type: "interrupt" });
    expect(someone.pass(0)).toBe("$ ");
    expect(someone.type("echo $?")).toBe("130\n$ ");
  });

  it("leaves background jobs alone", () => {
    const someone = hold([]);
    someone.type("sleep 30 &");
    someone.type("sleep 40");
    expect(someone.keys("\u0003")).toBe("^C\n$ ");
    expect(someone.type("jobs")).toBe("[1]+  Running                 sleep 30 &\n$ ");
  });
});

describe("nested shells", () => {
  it("go back one level at the end of the input, and nothing set inside survives", () => {
    const someone = hold([
      ["bash", "$ "],
      ["inner=1; cd /etc; echo $SHLVL", "2\n$ "],
    ]);
    someone.terminal.answer({ type: "end" });
    expect(someone.pass(0)).toBe("exit\n$ ");
    expect(someone.type("echo [$inner] $PWD $SHLVL")).toBe("[] /root 1\n$ ");
    someone.terminal.answer({ type: "end" });
    someone.pass(0);
    expect(someone.proc.state).toBe("ended");
  });

  it("read the startup files of their kind", () => {
    const files = {
      "/etc/profile": "echo etc-profile; PS1='$ '\n",
      "/etc/bash.bashrc": "echo etc-bashrc\n",
      "/root/.profile": "echo profile\n",
      "/root/.bashrc": "echo bashrc\n",
      "/root/.bash_logout": "echo logout-file\n",
    };
    const login = typist({ argv: ["-bash"], files });
    expect(login.take()).toBe("etc-profile\nprofile\n$ ");
    expect(login.type("nosuch")).toBe("-bash: nosuch: command not found\n$ ");
    expect(login.type("bash")).toBe("etc-bashrc\nbashrc\n$ ");
    expect(login.type("bash -c 'echo none'")).toBe("none\n$ ");
    expect(login.type("bash -lc 'echo $0'")).toBe("etc-profile\nprofile\nbash\n$ ");
    expect(login.type("bash --norc")).toBe("$ ");
    expect(login.type("exit")).toBe("exit\n$ ");
    expect(login.type("exit")).toBe("exit\n$ ");
    expect(login.type("exit")).toBe("logout\nlogout-file\n");
  });

  it("end with everything in them when the terminal is gone", () => {
    const someone = hold([]);
    someone.type("sleep 100 &");
    someone.type("bash");
    someone.type("sleep 100");
    someone.terminal.hangUp();
    someone.pass(1);
    expect(someone.host.machine.processes.size).toBe(0);
  });
});

describe("read from the terminal", () => {
  it("prompts, hides and counts", () => {
    hold([
      ["read -p 'name? ' n", "name? "],
      ["| bob", "bob\n$ "],
      ["read -s -p 'pw: ' p", "pw: "],
      ["| secret", "$ "],
      ["echo $n $p", "bob secret\n$ "],
      ["read -n 1 -p 'y/n ' k; echo; echo =$k", "y/n "],
      ["| y", "y\n=y\n$ "],
      ["read -t 2 x; echo $?", ""],
      ["+2", "142\n$ "],
    ]);
  });
});

describe("permissions", () => {
  it("of files hold for redirections, with bash's words", () => {
    hold(
      [
        ["echo x > /etc/passwd", "bash: /etc/passwd: Permission denied\n$ "],
        ["echo x > /etc/new", "bash: /etc/new: Permission denied\n$ "],
        ["cat < /root/secret", "bash: /root/secret: Permission denied\n$ "],
        ["echo mine > own; cat own", "mine\n$ "],
        ["umask 077; : > private; [ -r private ] && echo readable", "readable\n$ "],
        ["cd /root", "bash: cd: /root: Permission denied\n$ "],
        [". /root/secret", "bash: /root/secret: Permission denied\n$ "],
        ["echo /root/*", "/root/*\n$ "],
      ],
      { user: "candidate", files: {} },
    );
  });
});
