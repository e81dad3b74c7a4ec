import type { Service } from "../../../kinds/types/core.ts";
import type { AdmissionPlugin } from "../define.ts";
import { forbidden } from "../errors.ts";
import { nameIn } from "./requests.ts";

/** Services may not take addresses of their own choice (kubernetes plugin/pkg/admission/network/denyserviceexternalips, 1.35). */
export const denyServiceExternalIps: AdmissionPlugin = {
  name: "DenyServiceExternalIPs",
  offByDefault: true,
  validate(request) {
    const { operation, kind, subresource, object, old } = request;
    if (kind.group !== "" || kind.plural !== "services" || subresource) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const before = addressesOf(old as Service | undefined);
    if (addressesOf(object as Service | undefined).every((address) => before.includes(address))) return;
    throw forbidden(kind, nameIn(request), "Use of external IPs is denied by admission control");
  },
};

function addressesOf(service: Service | undefined): readonly string[] {
  return (service?.spec as { externalIPs?: string[] } | undefined)?.externalIPs ?? [];
}
