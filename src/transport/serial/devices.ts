/**
 * What touches devices, in one place: loaded with the first port that is opened, since most programs open none.
 *
 * @module
 */
export { choosePort } from "./choose_port.ts";
export { DeviceSearch } from "./device_search.ts";
export { deviceExists, openLine } from "./open_line.ts";
export { quickPorts } from "./quick_ports.ts";
