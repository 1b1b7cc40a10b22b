import { homeOf } from '../home.js';
import { type Governed, govern, type Options } from '../open.js';
import { records } from './toolset.js';

/** Policy's own tools under the same authorities as everybody else's. */
export const load = async (options: Options): Promise<Governed> =>
  govern(records(options.home ?? homeOf(options.env)), options);
