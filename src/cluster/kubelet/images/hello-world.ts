import type { Program } from "../../../machine/define.ts";
import type { Image } from "./define.ts";

const hello: Program = {
  name: "hello",
  folder: "/",
  *run(proc) {
    yield* proc.write(
      1,
      "\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n\n",
    );
    return 0;
  },
};

/** It greets and ends. */
export const helloWorld: Image = {
  repository: "docker.io/library/hello-world",
  tags: ["latest", "linux"],
  size: 10_000,
  cmd: ["/hello"],
  programs: [hello],
  userland: "none",
};
