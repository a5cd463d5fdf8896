// A receiver of mail: a real SMTP server on loopback that keeps what comes.
import { SMTPServer } from 'smtp-server';

export interface MailSink {
  readonly url: string;
  readonly mails: readonly { readonly to: readonly string[]; readonly text: string }[];
  close(): Promise<void>;
}

/** `slowMs`: for so long it reads a mail before it takes it, as a filter does. */
export async function openMailSink({ slowMs = 0 } = {}): Promise<MailSink> {
  const mails: { readonly to: readonly string[]; readonly text: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData(stream, { envelope: { rcptTo } }, done) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => {
        text += part;
      });
      stream.on('end', () => {
        mails.push({ to: rcptTo.map(({ address }) => address), text });
        setTimeout(done, slowMs);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string')
    throw new Error('invariant: a port was asked for');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
