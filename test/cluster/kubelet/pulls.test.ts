import { expect, test } from "vitest";
import { makeLab } from "./setup.ts";

// From: kubernetes.io "Pull an Image from a Private Registry", "Runtime Class"; containerd 2.1's docker resolver; pkg/kubelet/images
// and kuberuntime, 1.35.

const shop = (
  name: string,
  more = "",
  image = "registry.corp.example/shop/web:1.0",
  policy = "IfNotPresent",
) => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  nodeName: w1
${more}
  containers: [{ name: web, image: "${image}", imagePullPolicy: ${policy} }]
`;

const secret = (
  name: string,
  auths: object,
  type = "kubernetes.io/dockerconfigjson",
  key = ".dockerconfigjson",
) => `apiVersion: v1
kind: Secret
metadata: { name: ${name} }
type: ${type}
stringData: { "${key}": '${JSON.stringify(type.endsWith("dockercfg") ? auths : { auths })}' }
`;

const login = { username: "puller", password: "s3cr3t-pull", auth: "cHVsbGVyOnMzY3IzdC1wdWxs" };
const failed =
  'failed to pull and unpack image "registry.corp.example/shop/web:1.0": failed to resolve reference "registry.corp.example/shop/web:1.0"';

const refused = [
  {
    says: "no secret",
    more: "",
    objects: "",
    why: "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
  },
  {
    says: "a secret for another registry",
    more: "  imagePullSecrets: [{ name: reg }]",
    objects: secret("reg", { "other.example": login }),
    why: "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
  },
  {
    says: "a wrong password",
    more: "  imagePullSecrets: [{ name: reg }]",
    objects: secret("reg", { "registry.corp.example": { username: "puller", password: "x" } }),
    why: "unexpected status from HEAD request to https://registry.corp.example/v2/shop/web/manifests/1.0: 401 Unauthorized",
  },
];

test.each(refused)("a private registry and $says", ({ more, objects, why }) => {
  const lab = makeLab();
  if (objects) lab.apply(objects);
  lab.apply(shop("p", more));
  lab.wait("p", "0/1 ErrImagePull", 20);
  const message = `rpc error: code = Unknown desc = ${failed}: ${why}`;
  expect(lab.pod("p").status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(message);
  expect(lab.events("p")).toContain(
    `Warning Failed Failed to pull image "registry.corp.example/shop/web:1.0": ${message}`,
  );
  lab.wait("p", "0/1 ImagePullBackOff", 20);
});

const accepted = [
  { says: "auth", objects: secret("reg", { "registry.corp.example": { auth: login.auth } }) },
  {
    says: "user and password",
    objects: secret("reg", {
      "https://registry.corp.example/v2/": { username: login.username, password: login.password },
    }),
  },
  { says: "the repository's folder", objects: secret("reg", { "registry.corp.example/shop": login }) },
  {
    says: "the old form",
    objects: secret("reg", { "registry.corp.example": login }, "kubernetes.io/dockercfg", ".dockercfg"),
  },
];

test.each(accepted)("the right login in a pull secret: $says", ({ objects }) => {
  const lab = makeLab();
  lab.apply(objects);
  lab.apply(shop("p", "  imagePullSecrets: [{ name: reg }]"));
  lab.wait("p", "1/1 Running", 30);
});

test("a pull secret of the service account", () => {
  const lab = makeLab();
  lab.apply(secret("reg", { "registry.corp.example": login }));
  lab.apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: shop }\nimagePullSecrets: [{ name: reg }]\n");
  lab.apply(shop("p", "  serviceAccountName: shop"));
  lab.wait("p", "1/1 Running", 30);
});

test("a pull secret that is not there is told of, and made later it helps", () => {
  const lab = makeLab();
  lab.apply(shop("p", "  imagePullSecrets: [{ name: reg }]"));
  lab.wait("p", "0/1 ImagePullBackOff", 30);
  expect(lab.events("p")).toContain(
    "Warning FailedToRetrieveImagePullSecret Unable to retrieve some image pull secrets (reg); attempting to pull the image may not succeed.",
  );
  lab.apply(secret("reg", { "registry.corp.example": login }));
  lab.wait("p", "1/1 Running", 120);
});

test("what one pod has pulled another may not use without the login", () => {
  const lab = makeLab();
  lab.apply(secret("reg", { "registry.corp.example": login }));
  lab.apply(shop("one", "  imagePullSecrets: [{ name: reg }]"));
  lab.wait("one", "1/1 Running", 30);
  lab.apply(shop("two"));
  lab.wait("two", "0/1 ErrImagePull", 30);
  lab.apply(shop("three", "  imagePullSecrets: [{ name: reg }]"));
  lab.wait("three", "1/1 Running", 30);
});

test("the node's own credentials serve all pods", () => {
  const lab = makeLab();
  lab.sh(
    "w1",
    `echo '${JSON.stringify({ auths: { "registry.corp.example": { auth: login.auth } } })}' > /var/lib/kubelet/config.json`,
  );
  lab.apply(shop("p"));
  lab.wait("p", "1/1 Running", 30);
});

test("a runtime class whose handler the runtime does not have", () => {
  const lab = makeLab();
  lab.api.create({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "gvisor" },
    handler: "runsc",
  } as never);
  lab.apply(shop("p", "  runtimeClassName: gvisor", "busybox:1.36"));
  lab.world.advance(20);
  expect(lab.shown("p")).toBe("0/1 ContainerCreating");
  expect(lab.events("p")).toContain(
    'Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "runsc" is configured',
  );
});

test("a runtime class for runc changes nothing", () => {
  const lab = makeLab();
  lab.api.create({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "usual" },
    handler: "runc",
  } as never);
  lab.apply(shop("p", "  runtimeClassName: usual", "nginx:1.29"));
  lab.wait("p", "1/1 Running", 30);
});
