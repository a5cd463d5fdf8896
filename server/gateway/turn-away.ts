// The doorman at the transport's own requests: each polling call and each upgrade is judged, not only the first.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Doorman } from './doorman.ts';

/** For `engine.use`. */
export function turnAway(doorman: Doorman) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const turned = doorman.judge(request);
    if (turned === null) {
      next();
      return;
    }
    // For an upgrade there is no real response, only the line itself.
    if (request.headers.upgrade === undefined) {
      response.writeHead(turned.status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(turned.text);
    } else {
      request.socket.end(
        `HTTP/1.1 ${turned.status} ${turned.status === 421 ? 'Misdirected Request' : 'Forbidden'}\r\n` +
          `Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(turned.text)}\r\n\r\n${turned.text}`,
      );
    }
  };
}
