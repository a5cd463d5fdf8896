// The address by which whoever asks reaches us: the public one, or the name that they used themselves.
import type { FastifyRequest } from 'fastify';
import type { Doorman } from './doorman.ts';
import type { GatewaySettings } from './options.ts';

export interface BaseUrlOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
}

/** Without a slash at its end. */
export function baseUrlOf(request: FastifyRequest, { settings, doorman }: BaseUrlOptions): string {
  if (settings.publicUrl !== null) return settings.publicUrl.origin;
  const scheme = doorman.isSecure(request.raw) ? 'https' : 'http';
  return `${scheme}://${request.headers.host ?? 'localhost'}`;
}
