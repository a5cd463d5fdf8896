// E-mail by SMTP: one text for every reader, its name in the Message-ID, and all mails of an episode in one thread.
import nodemailer from 'nodemailer';
import { wordsOf } from '../words-of.ts';
import type { ChannelOf } from './channel-form.ts';
import type { Letter } from './letter.ts';
import type { Sent } from './sender.ts';

export interface Mailer {
  send(channel: ChannelOf<'email'>, letter: Letter): Promise<Sent>;
  close(): void;
}

export interface MailerParts {
  /** `smtp://user:password@host:port` or `smtps://`. */
  readonly smtpUrl: string;
  readonly from: string;
}

/** A mail server that is there greets within it (milliseconds). */
const GREETING_MS = 3_500;
/** Then it may be silent for so long at each word of ours: a filter reads the mail before it is taken. Who is given up before has often taken it (RFC 5321, 4.5.3.2). */
const SILENT_MS = 120_000;

export function createMailer({ smtpUrl, from }: MailerParts): Mailer {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: GREETING_MS,
    greetingTimeout: GREETING_MS,
    dnsTimeout: GREETING_MS,
    // Each of these ends the connection, so that what is said to have failed is not taken after all.
    socketTimeout: SILENT_MS,
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
    send,
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
