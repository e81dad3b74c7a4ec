import { expect, test } from "vitest";
import { busybox, makeLab } from "./setup.ts";

test("logs: all, tail, since, timestamps, limit", () => {
  const lab = makeLab();
  lab.apply(busybox("talks", "echo one; sleep 10; echo two; sleep 10; echo three >&2; sleep 1000"));
  lab.wait("talks", "1/1 Running");
  lab.world.advance(25);
  const text = (query: string) => lab.logs("talks", query).text();
  expect(text("")).toBe("one\ntwo\nthree\n");
  expect(text("tailLines=2")).toBe("two\nthree\n");
  expect(text("tailLines=0")).toBe("");
  expect(text("sinceSeconds=16")).toBe("two\nthree\n");
  expect(text("limitBytes=6")).toBe("one\ntw");
  const stamped = text("timestamps=true&tailLines=1");
  expect(stamped).toMatch(/^2026-11-02T09:00:\d\d\.\d{6}000Z three\n$/);
  expect(text(`sinceTime=${stamped.split(" ")[0]}`)).toBe("three\n");
});

test("logs -f go on until the container ends; an unfinished line shows at once", () => {
  const lab = makeLab();
  lab.apply(
    busybox("talks", "echo one; sleep 5; printf 'tw'; sleep 5; echo o; sleep 5", { pod: "  restartPolicy: Never" }),
  );
  lab.wait("talks", "1/1 Running");
  const log = lab.logs("talks", "follow=true&tailLines=5");
  expect(log.text()).toBe("one\n");
  lab.world.advance(7);
  expect(log.text()).toBe("one\ntw");
  lab.world.advance(5);
  expect(log.text()).toBe("one\ntwo\n");
  expect(log.ended()).toBe(false);
  lab.world.advance(5);
  expect(log.ended()).toBe(true);
});

test("logs of the incarnation before", () => {
  const lab = makeLab();
  const line = "test -e /v/n || { touch /v/n; echo first; exit 1; }; echo second; sleep 1000";
  lab.apply(
    busybox("again", line, {
      pod: "  volumes: [{ name: v, emptyDir: {} }]",
      container: "    volumeMounts: [{ name: v, mountPath: /v }]",
    }),
  );
  lab.until(
    "it runs again",
    () => lab.shown("again") === "1/1 Running" && lab.pod("again").status?.containerStatuses?.[0]?.restartCount === 1,
  );
  expect(lab.logs("again").text()).toBe("second\n");
  expect(lab.logs("again", "previous=true").text()).toBe("first\n");
});

test("what cannot be logged says why", () => {
  const lab = makeLab();
  lab.apply(
    "apiVersion: v1\nkind: Pod\nmetadata: { name: typo }\nspec: { containers: [{ name: c, image: 'nginx:1.99' }] }\n",
  );
  lab.wait("typo", "0/1 ErrImagePull", 20);
  const said = (name: string, query = "") => (JSON.parse(lab.logs(name, query).text()) as { message: string }).message;
  expect(said("typo")).toBe('container "c" in pod "typo" is waiting to start: image can\'t be pulled');
  lab.wait("typo", "0/1 ImagePullBackOff", 20);
  expect(said("typo")).toBe('container "c" in pod "typo" is waiting to start: trying and failing to pull image');
  lab.apply(busybox("fine", "sleep 1000"));
  expect(said("fine", "container=other")).toMatch(/container other is not valid for pod fine/);
  lab.wait("fine", "1/1 Running");
  expect(said("fine", "previous=true")).toBe('previous terminated container "main" in pod "fine" not found');
});

test("logs of a finished pod stay", () => {
  const lab = makeLab();
  lab.apply(busybox("done", "echo bye", { pod: "  restartPolicy: Never" }));
  lab.wait("done", "0/1 Completed");
  lab.world.advance(600);
  expect(lab.logs("done", "follow=true").text()).toBe("bye\n");
});

test("exec: output, errors, exit code, stdin", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "sleep 1000"));
  lab.wait("p", "1/1 Running");
  expect(lab.exec("p", ["sh", "-c", "echo out; echo err >&2"])).toEqual({
    stdout: "out\n",
    stderr: "err\n",
    end: { metadata: {}, status: "Success" },
  });
  expect(lab.exec("p", ["sh", "-c", "exit 7"]).end).toEqual({
    metadata: {},
    status: "Failure",
    message: "command terminated with non-zero exit code: exit status 7",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "7" }] },
  });
  expect(lab.exec("p", ["cat"], "some\ntext").stdout).toBe("some\ntext");
  expect(lab.exec("p", ["wc", "-c"], "x".repeat(100_000)).stdout.trim()).toBe("100000");
  expect(lab.exec("p", ["nonesuch"]).end).toMatchObject({
    status: "Failure",
    message: expect.stringContaining('exec: "nonesuch": executable file not found in $PATH'),
  });
  expect(lab.exec("p", ["hostname"]).stdout).toBe("p\n");
  expect(lab.exec("p", ["cat", "/etc/resolv.conf"]).stdout).toBe(
    "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
  );
});

test("what one writes in a container is gone with it", () => {
  const lab = makeLab();
  lab.apply(busybox("p", "test -e /tmp/mark && echo found; trap 'exit 1' TERM; while true; do sleep 1; done"));
  lab.wait("p", "1/1 Running");
  lab.exec("p", ["touch", "/tmp/mark"]);
  lab.exec("p", ["kill", "1"]);
  lab.until("it runs again", () => lab.pod("p").status?.containerStatuses?.[0]?.restartCount === 1);
  lab.world.advance(1);
  expect(lab.logs("p").text()).toBe("");
});

test("attach shows what comes from now on and gives stdin to process 1", () => {
  const lab = makeLab();
  lab.apply(
    busybox("p", "while read line; do echo got $line; done", {
      container: "    stdin: true",
      pod: "  restartPolicy: Never",
    }),
  );
  lab.wait("p", "1/1 Running");
  const door = lab.world.door();
  const clientCertificate = lab.world.pki.certificate("super-admin");
  const path = "/api/v1/namespaces/default/pods/p/attach?stdin=true&stdout=true&stderr=true";
  const { session } = door?.handle({ method: "POST", path, headers: {}, clientCertificate }) ?? {};
  let shown = "";
  session?.output.each(({ text }) => (shown += text));
  session?.input("hello\n");
  lab.world.advance(1);
  expect(shown).toBe("got hello\n");
});
