// The address by which browsers reach us: the public one, or that by which this request came.
import type { FastifyRequest } from 'fastify';
import type { Doorman } from './doorman.ts';
import type { GatewaySettings } from './options.ts';

export function baseOf(
  request: FastifyRequest,
  {
    settings,
    doorman,
  }: { readonly settings: Pick<GatewaySettings, 'publicUrl'>; readonly doorman: Doorman },
): string {
  if (settings.publicUrl !== null) return settings.publicUrl.origin;
  const scheme = doorman.isSecure(request.raw) ? 'https' : 'http';
  return `${scheme}://${request.headers.host ?? 'localhost'}`;
}
