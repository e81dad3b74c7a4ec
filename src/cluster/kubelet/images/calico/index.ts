import type { Image } from "../define.ts";
import { calicoCni } from "./cni.ts";
import { calicoKubeControllers } from "./kube-controllers.ts";
import { calicoNode } from "./node.ts";

/** Calico's own images. */
export const calicoImages: readonly Image[] = [calicoCni, calicoKubeControllers, calicoNode];
