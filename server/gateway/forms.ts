// Forms that need no script: a room of the server in which the body of a request is a form, and nothing else.
import type { FastifyInstance } from 'fastify';

/** Bytes. */
const FORM_MOST = 8_192;

export function formRoom(app: FastifyInstance, doors: (room: FastifyInstance) => void): void {
  void app.register((room, _options, done) => {
    room.removeAllContentTypeParsers();
    room.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_MOST },
      (_request, body, parsed) => {
        parsed(null, new URLSearchParams(String(body)));
      },
    );
    doors(room);
    done();
  });
}

/** A field as it was typed; what is missing is empty. */
export function typed(body: unknown, field: string): string {
  return body instanceof URLSearchParams ? (body.get(field) ?? '') : '';
}
