import { refOf } from '../inventory/entities.js';
import { collectorMethods, retrieve } from './collector-methods.js';
import type { Call } from './decode.js';
import type { Method } from './method.js';
import { isA } from './object-types.js';
import { demand } from './privileges.js';
import { aboutOf, serviceContent } from './service-content.js';
import { serviceMethods } from './service-methods.js';
import { type Session, userSession } from './sessions.js';
import { snapshotMethods } from './snapshot-methods.js';
import { VimFault } from './vim-fault.js';
import { vmMethods } from './vm-methods.js';
import { resolve, type World } from './world.js';

const methods: Readonly<Record<string, Method>> = {
  ...collectorMethods,
  ...serviceMethods,
  ...vmMethods,
  ...snapshotMethods,
};

/** What comes with a call besides its XML. */
export interface Caller {
  /** Value of the session cookie, its quotes removed. */
  readonly cookie: string | undefined;
  readonly agent: string;
  readonly gone: AbortSignal;
  readonly outcome: VimFault | 'hangs' | undefined;
  /** Called with the session of a log-in, for its cookie. */
  readonly loggedIn: (session: Session) => void;
}

/** Whether a method changes anything in the inventory. */
export const changes = (method: string): boolean => methods[method]?.changes ?? false;

/** Answers a call, or throws the fault that is the answer. */
export async function answer(call: Call, world: World, caller: Caller): Promise<unknown> {
  if (call.method === 'RetrieveServiceContent') {
    const { ref } = resolve(world, call.on);
    if (ref.type !== 'ServiceInstance') throw unknownMethod(call);
    return serviceContent(refOf(world.inventory.root).value, aboutOf(world.version));
  }
  const session = world.sessions.use(caller.cookie);
  if (call.method === 'Login') return login(call, world, caller, session);
  if (!session) {
    if (call.method === 'RetrievePropertiesEx')
      return retrieve(call.args, world, undefined, world.sessions.ended(caller.cookie));
    throw new VimFault('NotAuthenticated', { object: call.on, privilegeId: 'System.View' });
  }
  const method = methods[call.method];
  if (!method) throw unknownMethod(call);
  const on = resolve(world, call.on, session);
  if (!isA(on.ref.type, method.of)) throw unknownMethod(call);
  if (call.method !== 'Logout') demand(session.user, method.privilege ?? 'System.View', on.ref);

  session.busy += 1;
  try {
    return await method.run({
      ...call,
      on,
      world,
      session,
      gone: caller.gone,
      outcome: caller.outcome,
    });
  } finally {
    session.busy -= 1;
    session.lastActive = world.clock.now();
  }
}

function login(call: Call, world: World, caller: Caller, session: Session | undefined): unknown {
  if (resolve(world, call.on).ref.type !== 'SessionManager') throw unknownMethod(call);
  if (session) throw new VimFault('InvalidLogin');
  const { userName, password, locale } = call.args;
  if (locale !== undefined && !/^[a-z]{2}(_[A-Z]{2})?$/.test(String(locale)))
    throw new VimFault('InvalidLocale');
  const made = world.sessions.login(String(userName), String(password), caller.agent);
  caller.loggedIn(made);
  return userSession(made);
}

const unknownMethod = ({ method, on }: Call) =>
  new VimFault(
    'MethodNotFound',
    { receiver: on, method },
    `The method ${method} is not known to vim.${on.type}.`,
  );
