// Printed from architecture.yaml: the modules that tests run in one process. Do not edit.
export { wiring } from '../dev/wiring.gen.ts';
