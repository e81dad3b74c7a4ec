import type { JsonObject } from "../../../../base/json.ts";
import { parseJson, toJson } from "../../../../base/json.ts";
import { root } from "../../../../machine/define-files.ts";
import type { Process } from "../../../../machine/process.ts";
import { copyFolder, removeTree } from "../../../storage/copy-folder.ts";
import { type CsiContent, type CsiDriver, CsiError, type CsiSnapshot } from "../../../storage/csi-driver.ts";

const FOLDER = "/csi-data-dir";
const STATE = `${FOLDER}/state.json`;
/** --max-volume-size: 1 TiB where nothing is said. */
const LARGEST = 1024 ** 4;

interface Volume {
  readonly VolName: string;
  readonly VolID: string;
  VolSize: number;
  readonly VolPath: string;
  NodeID: string;
  Attached: boolean;
  readonly ParentSnapID: string;
  readonly ParentVolID: string;
}

interface Snapshot {
  readonly Name: string;
  readonly Id: string;
  readonly VolID: string;
  readonly Path: string;
  readonly CreationTime: number;
  readonly SizeBytes: number;
}

interface State {
  readonly Volumes: Volume[];
  readonly Snapshots: Snapshot[];
}

interface DriverOptions {
  readonly name: string;
  readonly version: string;
  readonly nodeId: string;
  readonly mostVolumes: number | undefined;
}

/** csi-driver-host-path 1.17: volumes are folders of the node that its pod runs on; what there is stands in state.json. */
export class HostPathDriver implements CsiDriver {
  readonly csi = true;
  readonly name: string;
  readonly version: string;
  readonly nodeId: string;
  readonly mostVolumes: number | undefined;
  private readonly proc: Process;

  constructor(proc: Process, options: DriverOptions) {
    this.proc = proc;
    this.name = options.name;
    this.version = options.version;
    this.nodeId = options.nodeId;
    this.mostVolumes = options.mostVolumes;
  }

  get topology(): Readonly<Record<string, string>> {
    return { "topology.hostpath.csi/node": this.nodeId };
  }

  private get files() {
    return this.proc.machine.files;
  }

  private read(): State {
    if (!this.files.find(STATE, root)) return { Volumes: [], Snapshots: [] };
    return parseJson(this.files.read(STATE, root)) as unknown as State;
  }

  private write(state: State): void {
    this.files.write(STATE, toJson(state as unknown as JsonObject), root, { mode: 0o600 });
  }

  private volumeIn(state: State, id: string): Volume {
    const volume = state.Volumes.find(({ VolID }) => VolID === id);
    if (!volume) throw new CsiError("NotFound", `volume id ${id} does not exist in the volumes list`);
    return volume;
  }

  createVolume(name: string, bytes: number, content: CsiContent | undefined): string {
    const state = this.read();
    if (bytes > LARGEST)
      throw new CsiError("OutOfRange", `Requested capacity ${bytes} exceeds maximum allowed ${LARGEST}`);
    const known = state.Volumes.find(({ VolName }) => VolName === name);
    if (known && known.VolSize < bytes)
      throw new CsiError("AlreadyExists", `Volume with the same name: ${name} but with different size already exist`);
    if (known) return known.VolID;
    const id = this.proc.machine.kernel.random.uuid();
    const path = `${FOLDER}/${id}`;
    const from = content && this.contentPath(state, content, bytes);
    this.files.mkdir(path, root, { mode: 0o777 });
    this.files.chmod(path, 0o777, root);
    if (from !== undefined) copyFolder(this.files, from, path);
    state.Volumes.push({
      VolName: name,
      VolID: id,
      VolSize: bytes,
      VolPath: path,
      NodeID: this.nodeId,
      Attached: false,
      ParentSnapID: content && "snapshot" in content ? content.snapshot : "",
      ParentVolID: content && "volume" in content ? content.volume : "",
    });
    this.write(state);
    return id;
  }

  private contentPath(state: State, content: CsiContent, bytes: number): string {
    if ("volume" in content) {
      const source = this.volumeIn(state, content.volume);
      if (source.VolSize > bytes)
        throw new CsiError(
          "InvalidArgument",
          `volume ${source.VolID} size ${source.VolSize} is greater than requested volume size ${bytes}`,
        );
      return source.VolPath;
    }
    const snapshot = state.Snapshots.find(({ Id }) => Id === content.snapshot);
    if (!snapshot) throw new CsiError("NotFound", `cannot find snapshot ${content.snapshot}`);
    if (snapshot.SizeBytes > bytes)
      throw new CsiError(
        "InvalidArgument",
        `snapshot ${snapshot.Id} size ${snapshot.SizeBytes} is greater than requested volume size ${bytes}`,
      );
    return snapshot.Path;
  }

  deleteVolume(id: string): void {
    const state = this.read();
    const volume = state.Volumes.find(({ VolID }) => VolID === id);
    if (!volume) return;
    if (volume.Attached) throw new CsiError("Internal", `volume '${id}' is still used (attached: true)`);
    removeTree(this.files, volume.VolPath);
    this.write({ ...state, Volumes: state.Volumes.filter((one) => one !== volume) });
  }

  attach(id: string, node: string): void {
    const state = this.read();
    const volume = this.volumeIn(state, id);
    if (node !== this.nodeId)
      throw new CsiError("NotFound", `Not matching Node ID ${node} to hostpath Node ID ${this.nodeId}`);
    volume.Attached = true;
    this.write(state);
  }

  detach(id: string): void {
    const state = this.read();
    const volume = state.Volumes.find(({ VolID }) => VolID === id);
    if (!volume) return;
    volume.Attached = false;
    this.write(state);
  }

  publish(id: string) {
    const { VolPath } = this.volumeIn(this.read(), id);
    return { tree: this.files, from: VolPath };
  }

  expand(id: string, bytes: number): void {
    const state = this.read();
    const volume = this.volumeIn(state, id);
    if (bytes > LARGEST)
      throw new CsiError("OutOfRange", `Requested capacity ${bytes} exceeds maximum allowed ${LARGEST}`);
    volume.VolSize = Math.max(volume.VolSize, bytes);
    this.write(state);
  }

  expandOnNode(id: string): void {
    this.volumeIn(this.read(), id);
  }

  createSnapshot(name: string, volume: string): CsiSnapshot {
    const state = this.read();
    const known = state.Snapshots.find(({ Name }) => Name === name);
    if (known) return snapshotOf(known);
    const { VolPath, VolSize } = this.volumeIn(state, volume);
    const { clock, random } = this.proc.machine.kernel;
    const id = random.uuid();
    const path = `${FOLDER}/${id}.snap`;
    copyFolder(this.files, VolPath, path);
    const made = { Name: name, Id: id, VolID: volume, Path: path, CreationTime: clock.now, SizeBytes: VolSize };
    state.Snapshots.push(made);
    this.write(state);
    return snapshotOf(made);
  }

  deleteSnapshot(id: string): void {
    const state = this.read();
    const snapshot = state.Snapshots.find(({ Id }) => Id === id);
    if (!snapshot) return;
    removeTree(this.files, snapshot.Path);
    this.write({ ...state, Snapshots: state.Snapshots.filter((one) => one !== snapshot) });
  }
}

function snapshotOf({ Id, VolID, SizeBytes, CreationTime }: Snapshot): CsiSnapshot {
  return { id: Id, volume: VolID, bytes: SizeBytes, at: CreationTime };
}
