import type { Authorities } from './authorities.js';
import { pipeline } from './pipeline.js';
import * as stage from './stages/index.js';

/** Every call, from every surface, goes through exactly this. */
export const governedCall = ({ whoami, log, roles, rules, limits, seal, approvals }: Authorities) =>
  pipeline([
    stage.identify(whoami), //              who is asking
    stage.audit(log), //                    one row at the end of every attempt, or no call
    stage.sanitize(), //                    nothing that came out of an inventory leaves as it was
    stage.explain(), //                     whatever is thrown below leaves as a reason and a remedy
    stage.permit(roles), //                 may this caller use this tool
    stage.obey(rules), //                   rules.yaml: denials, windows, limits
    stage.throttle(limits), //              before anyone is asked, so that nobody approves in vain
    stage.plan(), //                        what would change, found out by looking only
    stage.confirm({ rules, seal, approvals, log }), // somebody agreed to that very plan; its intent is on disk
    stage.deadline(), //                    the tool's own time, not the person's
    stage.execute(), //                     the only stage that reaches a tool body
  ]);
