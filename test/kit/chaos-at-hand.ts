import { chaosProxy, type Weather } from './chaos-proxy.js';

/** `chaos-at-hand 127.0.0.1:8443 '{"delay":200}'`: a proxy until Ctrl-C, in that weather. */
const [server = '', weather = '{}'] = process.argv.slice(2);
const [host = '', port = ''] = server.split(':');
const proxy = await chaosProxy({ host, port: Number(port) });
proxy.weather = JSON.parse(weather) as Weather;
process.stdout.write(`${proxy.endpoint.host}:${proxy.endpoint.port}\n`);
