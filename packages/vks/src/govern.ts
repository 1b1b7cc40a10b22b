import { type Governed, govern, type Options } from '@vmware/policy';
import { vks } from './toolset.js';

/** The toolset under its authorities; a bin loads this at its first call. */
export const load = async (options: Options): Promise<Governed> => govern(vks, options);
