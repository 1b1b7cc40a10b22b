import { type ChaosProxy, chaosProxy } from '../../../test/kit/chaos-proxy.js';
import type { Endpoint } from './lab.js';

export type { Direction } from '../../../test/kit/chaos-proxy.js';
export type CuttingProxy = ChaosProxy<Endpoint>;
export const cuttingProxy = (manager: Endpoint): Promise<CuttingProxy> => chaosProxy(manager);
