import type { Api } from "../apiserver/define.ts";

/**
 * A controller's view of the API: it reads what the manager's shared informers know, which watch as the manager itself,
 * and writes as its own service account (--use-service-account-credentials).
 */
export function withSharedReads(informers: Api, own: Api): Api {
  return {
    get user() {
      return own.user;
    },
    get: (resource, namespace, name) => informers.get(resource, namespace, name),
    list: (resource, namespace) => informers.list(resource, namespace),
    indexed: (resource, index, value) => informers.indexed(resource, index, value),
    kinds: () => informers.kinds(),
    watch: (resource, handler, options) => informers.watch(resource, handler, options),
    create: (object) => own.create(object),
    update: (object) => own.update(object),
    updateStatus: (object) => own.updateStatus(object),
    modify: (object, change, subresource) => own.modify(object, change, subresource),
    createAt: (resource, namespace, name, subresource, body) =>
      own.createAt(resource, namespace, name, subresource, body),
    delete: (object, options) => own.delete(object, options),
    event: (about, event) => own.event(about, event),
    ask: (question) => own.ask(question),
  };
}
