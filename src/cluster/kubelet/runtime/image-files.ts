import { Clock, SECOND } from "../../../base/clock.ts";
import { Random } from "../../../base/random.ts";
import type { ProgramTable } from "../../../machine/define.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import { installPrograms } from "../../../machine/exec.ts";
import { createFiles } from "../../../machine/files/create-files.ts";
import { makeDevices } from "../../../machine/files/make-devices.ts";
import { Kernel } from "../../../machine/kernel.ts";
import type { Image } from "../images/define.ts";
import { imagePrograms, type StoredImage } from "./image-store.ts";

const folders = "/etc /tmp /root /run /var/run /var/log /usr/bin /usr/local/bin /proc /dev /home".split(" ");

/** When all images were built, as far as their files say: 2025-12-09, before every world begins. */
const BUILT = 1_765_238_400 * SECOND;

const trees = new WeakMap<ProgramTable, Map<Image, Map<string, Files>>>();

/** The files of an image, unpacked once for all worlds with the same programs: containers begin as copies. Never written to. */
export function imageFiles({ image, name }: StoredImage, host: ProgramTable): Files {
  let byImage = trees.get(host);
  if (!byImage) {
    byImage = new Map();
    trees.set(host, byImage);
  }
  let byTag = byImage.get(image);
  if (!byTag) {
    byTag = new Map();
    byImage.set(image, byTag);
  }
  const tag = name.tag ?? "";
  let files = byTag.get(tag);
  if (!files) {
    files = unpacked(image, tag, host);
    byTag.set(tag, files);
  }
  return files;
}

function unpacked(image: Image, tag: string, host: ProgramTable): Files {
  const files = createFiles(new Kernel(new Clock(BUILT), new Random("image")));
  for (const folder of folders) files.mkdir(folder, root, { parents: true });
  files.chmod("/tmp", 0o1777, root);
  installPrograms(files, imagePrograms(image, host).installed);
  if (image.userland !== "none" && !files.find("/bin", root)) files.symlink("usr/bin", "/bin", root);
  makeDevices(files);
  files.write(
    "/etc/passwd",
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    root,
  );
  files.write("/etc/group", "root:x:0:\nnogroup:x:65534:\n", root);
  image.files?.(files, tag);
  return files;
}
