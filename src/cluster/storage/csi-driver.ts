import type { Files } from "../../machine/define-files.ts";

/** A snapshot as its driver knows it. */
export interface CsiSnapshot {
  readonly id: string;
  readonly volume: string;
  readonly bytes: number;
  /** In microseconds. */
  readonly at: number;
}

/** What a new volume is filled with: a snapshot of this id, or the volume of this id. */
export type CsiContent = { readonly snapshot: string } | { readonly volume: string };

/** Why a driver cannot do what it is asked: grpc's code and words. */
export class CsiError extends Error {
  constructor(code: string, description: string) {
    super(`rpc error: code = ${code} desc = ${description}`);
  }
}

/** What answers at a CSI driver's socket: the calls of the CSI specification 1.11 that are in use. All may throw CsiError. */
export interface CsiDriver {
  readonly csi: true;
  readonly name: string;
  readonly version: string;
  readonly nodeId: string;
  /** Labels that its node gets, and by which its volumes say where they are. */
  readonly topology: Readonly<Record<string, string>>;
  /** How many volumes its node may have. */
  readonly mostVolumes: number | undefined;
  /** Makes a volume, or finds the one of that name; gives its id. */
  createVolume(name: string, bytes: number, content: CsiContent | undefined): string;
  deleteVolume(id: string): void;
  /** ControllerPublishVolume and ControllerUnpublishVolume. */
  attach(id: string, node: string): void;
  detach(id: string, node: string): void;
  /** NodePublishVolume: the files of a volume. */
  publish(id: string): { readonly tree: Files; readonly from: string };
  /** ControllerExpandVolume; NodeExpandVolume has to follow. */
  expand(id: string, bytes: number): void;
  expandOnNode(id: string): void;
  createSnapshot(name: string, volume: string): CsiSnapshot;
  deleteSnapshot(id: string): void;
}

/** What answers at a socket in the kubelet's folder of plugins: which driver there is, and at which socket of the host. */
export interface CsiRegistration {
  readonly plugin: { readonly name: string; readonly endpoint: string };
}
