export { explainConnectivity } from './explain-connectivity.js';
export { Firewall } from './firewall.js';
