// The gateway: one HTTP server with its doors, and the sockets behind it.
import type { Gateway, GatewayOptions } from './options.ts';

export function createGateway(options: GatewayOptions): Gateway {
  throw new Error(`not built yet: ${options.settings.host}`);
}
