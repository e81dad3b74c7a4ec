import { goQuote } from "../../../base/go-text.ts";
import { type JsonObject, toJson } from "../../../base/json.ts";
import { configuredFields, fieldsOfCrds } from "./configurations.ts";
import { type FieldConfig, mergeFields, noFields } from "./default-fields.ts";
import { BuildFault, messageOf, NotSimulatedFault, within } from "./fault.ts";
import { absorb } from "./generators.ts";
import { type Kustomization, readKustomization } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { builtinOrigin, type Origin, pluginOrigin } from "./origin.ts";
import { pluginGenerated, pluginTransformer } from "./plugins.ts";
import { MalformedFault, readResources } from "./read-resources.ts";
import type { Resource } from "./resource.ts";
import { ResourceMap } from "./resource-map.ts";
import { builtinGenerated, builtinSteps } from "./steps.ts";
import { Vars, varsText } from "./vars.ts";

/** What a build has gathered so far: resources, and the fields and variables that hold for them. */
export class Accumulator {
  readonly map = new ResourceMap();
  fields: FieldConfig = noFields;
  readonly vars = new Vars();

  merge(other: Accumulator): void {
    this.map.appendAll(other.map.resources);
    this.fields = mergeFields(this.fields, other.fields);
    this.vars.merge(other.vars);
  }
}

/** What holds for a whole build. */
export interface BuildContext {
  readonly warn: (line: string) => void;
  readonly helm: boolean;
  /** Whether it is noted where resources come from (buildMetadata). */
  readonly tracing: boolean;
}

const names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** One kustomization of a build (kustomize KustTarget, 5.6). */
export class Target {
  readonly kustomization: Kustomization;
  private readonly loader: Loader;
  private readonly context: BuildContext;
  private readonly fileName: string;
  /** The way from the first kustomization to this one. */
  private readonly folder: string;

  constructor(loader: Loader, context: BuildContext, folder?: string) {
    this.loader = loader;
    this.folder = folder ?? "";
    const found = names.flatMap((name) => {
      const text = tryLoad(loader, name);
      return text === undefined ? [] : [{ name, text }];
    });
    const [only] = found;
    if (!only) {
      const quoted = names.map((name) => `'${name}'`);
      const all = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
      throw new BuildFault(`unable to find one of ${all} in directory '${loader.root}'`);
    }
    if (found.length > 1) throw new BuildFault(`Found multiple kustomization files under: ${loader.root}\n`);
    this.fileName = only.name;
    this.kustomization = readKustomization(only.text, loader.root, context.warn);
    const tracing = folder === undefined ? (this.kustomization.buildMetadata ?? []).length > 0 : context.tracing;
    this.context = { ...context, tracing };
  }

  /** A schema of one's own tells how lists of custom resources merge. */
  checkSchema(): void {
    const { path, version } = this.kustomization.openapi ?? {};
    if (path !== undefined) {
      this.loader.load(path);
      throw new NotSimulatedFault(`a schema of one's own in a kustomization (openapi.path) is not simulated: ${path}`);
    }
    if (version !== undefined && version !== "v1.21.2")
      throw new BuildFault("the specified OpenAPI version is not built in");
  }

  accumulate(into = new Accumulator()): Accumulator {
    const {
      resources = [],
      bases = [],
      components = [],
      configurations = [],
      crds = [],
      vars = [],
    } = this.kustomization;
    within("accumulating resources", () => this.addResources(into, [...resources, ...bases]));
    into.fields = mergeFields(into.fields, configuredFields(this.loader, configurations));
    const ofCrds = within(`loading CRDs [${crds.join(" ")}]`, () => fieldsOfCrds(this.loader, crds));
    into.fields = mergeFields(into.fields, ofCrds);
    this.generate(into);
    const all = within("accumulating components", () => this.addComponents(into, components));
    this.transform(all);
    this.validate(all);
    within(`merging vars ${varsText(vars)}`, () => all.vars.add(vars, all.map));
    return all;
  }

  private addResources(into: Accumulator, paths: readonly string[]): void {
    for (const path of paths) {
      const fault = this.addFile(into, path);
      if (fault === undefined) continue;
      const loader = this.loaderAt(path, fault);
      within(`accumulation err='${fault.message}'`, () => {
        const target = this.below(loader, path, false);
        const made = within(`recursed accumulation of path '${loader.root}'`, () => target.accumulate());
        within(`recursed merging from path '${loader.root}'`, () => into.merge(made));
      });
    }
  }

  /** The loader of a folder; that a file cannot be read as one is told unless the file is no YAML at all. */
  private loaderAt(path: string, fault: Error): Loader {
    try {
      return this.loader.at(path);
    } catch (problem) {
      const message = messageOf(problem);
      throw fault instanceof MalformedFault ? fault : new BuildFault(`accumulation err='${fault.message}': ${message}`);
    }
  }

  private below(loader: Loader, path: string, isComponent: boolean): Target {
    const folder = joined(this.folder, path);
    const make = () => new Target(loader, this.context, folder);
    const target = within(`couldn't make target for path '${loader.root}'`, make);
    target.checkSchema();
    const { kind } = target.kustomization;
    if (isComponent && kind !== "Component")
      throw new BuildFault(`expected kind 'Component' for path '${loader.root}' but got '${kind}'`);
    if (!isComponent && kind === "Component")
      throw new BuildFault(`expected kind != 'Component' for path '${loader.root}'`);
    return target;
  }

  /** Reads a path as a file; answers with why that cannot be. */
  private addFile(into: Accumulator, path: string): Error | undefined {
    try {
      const resources = within(`accumulating resources from '${path}'`, () => this.readFile(path));
      within(`merging resources from '${path}'`, () => into.map.appendAll(resources));
      return undefined;
    } catch (fault) {
      const message = messageOf(fault);
      return message.includes("MalformedYAMLError") ? new MalformedFault(message) : new BuildFault(message);
    }
  }

  private readFile(path: string): readonly Resource[] {
    const text = this.loader.load(path);
    let resources: readonly Resource[];
    try {
      resources = readResources(text);
    } catch (fault) {
      throw fault instanceof MalformedFault ? new BuildFault(`${fault.message} in File: ${path}`) : fault;
    }
    const unique = new ResourceMap();
    unique.appendAll(resources);
    const origin: Origin = { path: joined(this.folder, path) };
    if (this.context.tracing) for (const one of resources) one.note({ origin });
    return resources;
  }

  private generate(into: Accumulator): void {
    const { generators = [] } = this.kustomization;
    const builtin = builtinGenerated(this.kustomization, this.loader, this.context.helm);
    const plugins = within("loading generator plugins", () => this.plugins(generators));
    const absorbAll = (made: Resource, name: string, origin: Origin) => {
      if (this.context.tracing) made.note({ origin });
      within(`merging from generator ${name}`, () => absorb(into.map, made));
    };
    for (const { name, make } of builtin) absorbAll(make(), name, builtinOrigin(name, this.folder, this.fileName));
    for (const plugin of plugins) {
      const origin = pluginOrigin(plugin.object, plugin.name, plugin.notes.origin ?? {});
      absorbAll(pluginGenerated(plugin, this.loader), plugin.kind, origin);
    }
  }

  /** The manifests that describe generators or transformers: inline, files or kustomizations of their own. */
  private plugins(entries: readonly string[]): readonly Resource[] {
    const all = new Accumulator();
    const paths: string[] = [];
    for (const entry of entries) {
      try {
        const resources = readResources(entry);
        const origin: Origin = { path: joined(this.folder, this.fileName) };
        if (this.context.tracing) for (const one of resources) one.note({ origin });
        all.map.appendAll(resources);
      } catch (fault) {
        messageOf(fault);
        paths.push(entry);
      }
    }
    this.addResources(all, paths);
    return all.map.resources;
  }

  private addComponents(into: Accumulator, paths: readonly string[]): Accumulator {
    let all = into;
    for (const path of paths) {
      const loader = quoting("loader.New", () => this.loader.at(path));
      all = quoting("accumulateDirectory:", () => {
        const target = this.below(loader, path, true);
        const made = within(`recursed accumulation of path '${loader.root}'`, () => target.accumulate(all));
        const fresh = new Accumulator();
        within(`recursed merging from path '${loader.root}'`, () => fresh.merge(made));
        return fresh;
      });
    }
    return all;
  }

  private transform({ map, fields }: Accumulator): void {
    const { transformers = [] } = this.kustomization;
    const builtin = builtinSteps(this.kustomization, fields, this.loader);
    const plugins = this.plugins(transformers).map((plugin) => ({
      transform: pluginTransformer(plugin, this.loader),
      origin: pluginOrigin(plugin.object, plugin.name, plugin.notes.origin ?? {}),
    }));
    const steps = builtin.map(({ name, transform }) => ({
      transform,
      origin: builtinOrigin(name, this.folder, this.fileName),
    }));
    for (const { transform, origin } of [...steps, ...plugins]) {
      transform(map);
      if (this.context.tracing) for (const one of map.resources) trace(one, origin);
      map.dropEmpty();
    }
  }

  /** Validators are transformers that change nothing. */
  private validate({ map }: Accumulator): void {
    for (const plugin of this.plugins(this.kustomization.validators ?? [])) {
      const before = map.resources.map((one) => toJson(one.object as JsonObject, { sortKeys: true })).join("\n");
      pluginTransformer(plugin, this.loader)(map);
      const after = map.resources.map((one) => toJson(one.object as JsonObject, { sortKeys: true })).join("\n");
      if (before !== after) throw new BuildFault("validator shouldn't modify the resource map");
    }
  }
}

function trace(resource: Resource, origin: Origin): void {
  const { notes } = resource;
  if (notes.origin) resource.note({ transformations: [...notes.transformations, origin] });
  else resource.note({ origin });
}

function tryLoad(loader: Loader, name: string): string | undefined {
  try {
    return loader.load(name);
  } catch (fault) {
    messageOf(fault);
    return undefined;
  }
}

/** A fault inside quotes, as components tell it. */
function quoting<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (fault) {
    throw new BuildFault(`${what} ${goQuote(messageOf(fault))}`);
  }
}

/** A relative path in the folder of another. */
function joined(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
