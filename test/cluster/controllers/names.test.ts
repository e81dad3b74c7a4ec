import { expect, test } from "vitest";
import { controllers } from "../../../src/cluster/controllers/index.ts";
import { isEnabled, unknownNames } from "../../../src/cluster/controllers/names.ts";
import { valueProblem } from "../../../src/cluster/daemon/flag-values.ts";

// cmd/kube-controller-manager/app/controllermanager.go IsControllerEnabled, options ValidateControllers (1.35).

test.each([
  ["*", "deployment-controller", true],
  ["*,-deployment-controller", "deployment-controller", false],
  ["*,-deployment", "deployment-controller", false],
  ["-deployment", "deployment-controller", false],
  ["deployment", "deployment-controller", true],
  ["deployment", "replicaset-controller", false],
  ["*", "token-cleaner-controller", false],
  ["*,bootstrapsigner,tokencleaner", "token-cleaner-controller", true],
  ["*,token-cleaner-controller", "token-cleaner-controller", true],
  ["*,-horizontalpodautoscaling", "horizontal-pod-autoscaler-controller", false],
])("--controllers=%s: %s runs: %s", (list, name, runs) => expect(isEnabled(name, list)).toBe(runs));

test.each([
  ["*,bootstrapsigner,tokencleaner", undefined],
  ["*,-nodelifecycle,route,service-cidr-controller", undefined],
  ["*,-foo", '"foo" is not in the list of known controllers'],
  ["deploymnt", '"deploymnt" is not in the list of known controllers'],
  ["a,-b", '["a" is not in the list of known controllers, "b" is not in the list of known controllers]'],
])("names that nobody knows in %s", (list, said) => expect(unknownNames(list)).toBe(said));

test("every controller there is has a name that --controllers knows", () => {
  expect(unknownNames(controllers.map(({ name }) => name).join(","))).toBeUndefined();
});

// Words of github.com/spf13/pflag 1.0 and Go's strconv and time.
test.each([
  ["node-monitor-grace-period", "40", 'time: missing unit in duration "40"'],
  ["horizontal-pod-autoscaler-sync-period", "soon", 'time: invalid duration "soon"'],
  ["terminated-pod-gc-threshold", "many", 'strconv.ParseInt: parsing "many": invalid syntax'],
  ["concurrent-deployment-syncs", "1.5", 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  ["node-eviction-rate", "x", 'strconv.ParseFloat: parsing "x": invalid syntax'],
  ["horizontal-pod-autoscaler-tolerance", "0.2", undefined],
  ["node-monitor-grace-period", "1m30s", undefined],
  ["concurrent-gc-syncs", "20", undefined],
  ["cluster-name", "soon", undefined],
])("--%s=%s", (name, value, why) => {
  const said = why && `invalid argument "${value}" for "--${name}" flag: ${why}`;
  expect(valueProblem({ [name]: value })).toBe(said);
});
