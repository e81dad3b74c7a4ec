import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The name of the VolumeAttachment of a CSI volume and a node (pkg/volume/csi getAttachmentName, 1.35). */
export function attachmentName(handle: string, driver: string, node: string): string {
  return `csi-${bytesToHex(sha256(utf8ToBytes(`${handle}${driver}${node}`)))}`;
}
