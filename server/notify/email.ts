// E-mail by SMTP: one text for every reader, its name in the Message-ID, and all mails of an episode in one thread.
import nodemailer from 'nodemailer';
import type { Clock } from '../clock.ts';
import { wordsOf } from '../words-of.ts';
import type { ChannelOf } from './channel-form.ts';
import type { Letter } from './letter.ts';
import { SEND_MS } from './outgoing.ts';
import type { Sent } from './sender.ts';

export interface Mailer {
  send(channel: ChannelOf<'email'>, letter: Letter): Promise<Sent>;
  close(): void;
}

export interface MailerParts {
  /** `smtp://user:password@host:port` or `smtps://`. */
  readonly smtpUrl: string;
  readonly from: string;
  readonly clock: Clock;
}

export function createMailer({ smtpUrl, from, clock }: MailerParts): Mailer {
  const step = Math.floor(SEND_MS / 2);
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: step,
    greetingTimeout: step,
    dnsTimeout: step,
    socketTimeout: SEND_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'pharos.invalid';

  async function send({ address }: ChannelOf<'email'>, letter: Letter): Promise<Sent> {
    const isTrial = letter.kind === 'trial';
    const thread = `<episode.${letter.tag}@${domain}>`;
    try {
      await transport.sendMail({
        from,
        to: { name: '', address },
        subject: isTrial ? letter.title : `${letter.severity}: ${letter.title}`,
        messageId: `<${letter.id}@${domain}>`,
        ...(isTrial || letter.kind === 'digest' ? {} : { references: [thread], inReplyTo: thread }),
        // No answering machine shall answer it.
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(letter.severity === 'P1' && !letter.isSilent ? { priority: 'high' } : {}),
        text: textOf(letter),
        html: htmlOf(letter),
      });
      return { kind: 'sent' };
    } catch (error) {
      return { kind: 'failed', why: wordsOf(error).slice(0, 300), ...saidBy(error) };
    }
  }

  return {
    send: (channel, letter) =>
      new Promise((resolve) => {
        const why = `the mail server did not take it within ${SEND_MS / 1_000} s`;
        const cancel = clock.after(SEND_MS, () => resolve({ kind: 'failed', why }));
        void send(channel, letter).then((sent) => {
          cancel();
          resolve(sent);
        });
      }),
    close: () => transport.close(),
  };
}

/** A code of SMTP is the mail server's own answer. */
function saidBy(error: unknown): { readonly status?: number } {
  const { responseCode } = (error ?? {}) as { readonly responseCode?: unknown };
  return typeof responseCode === 'number' ? { status: responseCode } : {};
}

function textOf({ title, lines, page }: Letter): string {
  return [title, '', ...lines, ...(page.startsWith('http') ? ['', page] : []), ''].join('\n');
}

function htmlOf({ title, lines, page, labels, capability, kind }: Letter): string {
  const label =
    capability !== null && kind !== 'end' ? `${labels.open} / ${labels.take}` : labels.open;
  const link = page.startsWith('http')
    ? `<p><a href="${escaped(page)}">${escaped(label)}</a></p>`
    : '';
  const said = lines.map((line) => `<p>${escaped(line)}</p>`).join('');
  return `<!doctype html><meta charset="utf-8"><h1 style="font-size:18px">${escaped(title)}</h1>${said}${link}`;
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
}
