import type { EndpointSlice, Node, Service } from "../../../../kinds/types/core.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import type { ServiceCidr } from "../../../../kinds/types/service-cidr.ts";
import type { Machine } from "../../../../machine/machine.ts";
import type { Api, WatchOptions } from "../../../apiserver/define.ts";
import type { ProxySettings } from "../../../network/services/define.ts";
import { NodeServices } from "../../../network/services/node-services.ts";
import { ServiceTable } from "../../../network/services/service-table.ts";

/** Who wants to hear of a change. */
interface RulesListener {
  /** A Service came, changed or went. */
  service(service: Service, gone: boolean): void;
}

/** A node's rules while its kube-proxy runs: they follow the API; when it stops, they stay as they were. */
export class LiveRules {
  readonly services: NodeServices;
  private readonly ends: (() => void)[] = [];
  /** The node's own object, as it was last heard of. */
  node: Node | undefined;

  constructor(
    api: Api,
    { host, name }: { readonly host: Machine; readonly name: string },
    settings: ProxySettings,
    listener: RulesListener,
  ) {
    const { clock, random } = host.kernel;
    const table = new ServiceTable(name);
    this.services = new NodeServices({ name, addresses: host.net.addresses, clock, random }, settings, table);
    const follow = <T extends KubeObject>(
      resource: string,
      changed: (object: T, gone: boolean) => void,
      onReset: WatchOptions["onReset"] = () => undefined,
    ): void => {
      this.ends.push(api.watch<T>(resource, ({ type, object }) => changed(object, type === "DELETED"), { onReset }));
    };
    follow<Node>("nodes", (node, gone) => {
      if (node.metadata.name !== name) return;
      this.node = gone ? undefined : node;
      table.setZone(node.metadata.labels?.["topology.kubernetes.io/zone"]);
    });
    follow<EndpointSlice>(
      "endpointslices.discovery.k8s.io",
      (slice, gone) => (gone ? table.removeSlice(slice) : table.setSlice(slice)),
      () => table.clearSlices(),
    );
    // Only this mode has a rule about ranges.
    if (settings.mode === "nftables") {
      const ranges = new Map<string, ServiceCidr>();
      follow<ServiceCidr>("servicecidrs.networking.k8s.io", (range, gone) => {
        if (gone) ranges.delete(range.metadata.name);
        else ranges.set(range.metadata.name, range);
        this.services.serviceCIDRs = [...ranges.values()].flatMap(({ spec }) => spec.cidrs ?? []).sort();
      });
    }
    follow<Service>(
      "services",
      (service, gone) => {
        if (gone) table.removeService(service);
        else table.setService(service);
        listener.service(service, gone);
      },
      () => table.clearServices(),
    );
  }

  /** Follows no more. */
  stop(): void {
    for (const end of this.ends) end();
  }
}
