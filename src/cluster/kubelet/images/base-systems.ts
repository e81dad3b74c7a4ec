import type { Image } from "./define.ts";

function system(repository: string, tags: string, size: number, more: Partial<Image> = {}): Image {
  return {
    repository: `docker.io/library/${repository}`,
    tags: tags.split(" "),
    size,
    cmd: ["/bin/bash"],
    userland: "debian",
    ...more,
  };
}

/** Linux systems to run commands in. Their userland is the lab's own, whatever package manager they have in life. */
export const baseSystems: readonly Image[] = [
  system("rockylinux", "9 9.3 9-minimal 8 8.9", 65_000_000),
  system("almalinux", "latest 10 9 9.6 9-minimal 8", 67_000_000),
  system("fedora", "latest 43 42 41 40", 62_000_000),
  system("amazonlinux", "latest 2023 2", 53_000_000),
  system("centos", "latest 8 centos8 7 centos7 7.9.2009", 83_000_000),
  system("bash", "latest 5 5.3 5.2 5.1 5.0 4.4", 6_000_000, { userland: "busybox", cmd: ["bash"], tools: ["bash"] }),
  system("buildpack-deps", "latest stable bookworm trixie curl", 48_000_000, { tools: ["curl", "wget"] }),
];
