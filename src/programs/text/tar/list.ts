import { SECOND } from "../../../base/clock.ts";
import { formatTime } from "../../../base/format-time.ts";
import { modeText } from "../shared/mode.ts";
import type { Member } from "./header.ts";

/** A member as -v and -tv show it. */
export function listed(member: Member, long: boolean, name: string): string {
  if (!long) return name;
  const kind = member.kind === "hardlink" ? "file" : member.kind;
  const mode = modeText({ inode: 0, kind, mode: member.mode, uid: 0, gid: 0, size: 0, modified: 0, links: 1 });
  const owner = `${member.user || member.uid}/${member.group || member.gid}`;
  const size = String(member.size).padStart(Math.max(0, 18 - owner.length));
  const time = formatTime("%Y-%m-%d %H:%M", member.modified * SECOND);
  const arrow =
    member.kind === "link" ? ` -> ${member.target}` : member.kind === "hardlink" ? ` link to ${member.target}` : "";
  return `${member.kind === "hardlink" ? `h${mode.slice(1)}` : mode} ${owner} ${size} ${time} ${name}${arrow}`;
}
