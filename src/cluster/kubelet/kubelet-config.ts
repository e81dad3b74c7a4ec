import { FormatError } from "../../base/format-error.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { Errno } from "../../machine/define.ts";
import { type Files, root } from "../../machine/define-files.ts";

/** What is read of the kubelet's configuration file (kubelet.config.k8s.io/v1beta1). */
export interface KubeletConfig {
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  readonly staticPodPath: string | undefined;
  readonly clientCAFile: string | undefined;
}

const parsed = new Map<string, Record<string, unknown>>();

/** Reads the kubelet's configuration file. Throws Error with the words the kubelet exits with. */
export function readKubeletConfig(files: Files, path: string): KubeletConfig {
  const failed = (why: string) =>
    new Error(
      `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${why}`,
    );
  let text: string;
  try {
    text = files.read(path, root);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw failed(`failed to read kubelet config file "${path}", error: open ${path}: ${error.message.toLowerCase()}`);
  }
  let value = parsed.get(text);
  if (!value) {
    try {
      value = (parseYaml(text) ?? {}) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw failed(error.message);
    }
    parsed.set(text, value);
  }
  if (value.kind !== "KubeletConfiguration")
    throw failed(
      `no kind "${value.kind ?? ""}" is registered for version "${value.apiVersion ?? ""}" in scheme "pkg/kubelet/apis/config/scheme/scheme.go:33"`,
    );
  const authentication = value.authentication as { x509?: { clientCAFile?: string } } | undefined;
  return {
    clusterDNS: (value.clusterDNS as string[] | undefined) ?? [],
    clusterDomain: (value.clusterDomain as string | undefined) ?? "",
    staticPodPath: value.staticPodPath as string | undefined,
    clientCAFile: authentication?.x509?.clientCAFile,
  };
}
