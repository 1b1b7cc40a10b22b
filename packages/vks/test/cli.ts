import { programsOf } from '../../vsphere/test/cli.js';

export type { Ran } from '../../vsphere/test/cli.js';
export const { bins, built, cli } = programsOf('vks');
