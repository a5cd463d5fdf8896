// Which message says what: each event that means something, to the part of the model that it concerns.
import type { Calls } from './calls.ts';
import type { Contacts } from './contacts.ts';
import type { Message } from './message.ts';
import type { TakeUserEvent } from './user-events.ts';

export interface DispatchOptions {
  readonly calls: Calls;
  readonly contacts: Contacts;
  readonly userEvents: TakeUserEvent;
}

/** Messages that say nothing of who talks with whom; some of them are about channels that are over. */
const IRRELEVANT =
  /^(VarSet|DialState|Cdr|CEL|RTCP|MusicOnHold|DTMF|ChallengeSent|ChallengeResponse|SuccessfulAuth|InvalidPassword|Load|Status|AGIExec|AsyncAGI|ChannelTalking|SoftHangupRequest|ContactStatus|Registry)/;

export function isRelevant(event: string): boolean {
  return !IRRELEVANT.test(event);
}

const PLAIN = [''] as const;

/** Under which prefixes a message names channels beside, or instead of, the plain keys. */
export function prefixesOf(event: string): readonly string[] {
  if (event.startsWith('Dial') || event.startsWith('Agent')) return ['', 'Dest'];
  if (event.endsWith('Transfer')) return ['Transferee', 'Transferer', 'TransferTarget'];
  if (event.includes('arked')) return ['Parkee', 'Retriever'];
  if (event.startsWith('Local')) return ['LocalOne', 'LocalTwo'];
  return PLAIN;
}

export type Dispatch = (message: Message, at: number) => void;

export function createDispatch({ calls, contacts, userEvents }: DispatchOptions): Dispatch {
  return (message, at) => {
    const channel = calls.get(message.text('Uniqueid'));
    const dest = calls.get(message.text('DestUniqueid'));
    const parkee = calls.get(message.text('ParkeeUniqueid'));
    switch (message.event) {
      case 'QueueCallerJoin':
        if (channel) contacts.join(message, channel, at);
        break;
      case 'QueueCallerLeave':
        if (channel) contacts.left(message, channel, at);
        break;
      case 'QueueCallerAbandon':
        if (channel) contacts.abandon(channel, at);
        break;
      case 'AgentCalled':
        if (channel) contacts.called(message, channel, at);
        break;
      case 'AgentRingNoAnswer':
        if (channel) contacts.unanswered(message, channel, at);
        break;
      case 'AgentConnect':
        if (channel) contacts.connect(message, channel, at);
        break;
      case 'DialBegin':
        if (dest) contacts.dial(message, channel, dest, at);
        break;
      case 'DialEnd':
        if (dest) contacts.dialEnd(message, channel, dest, at);
        break;
      case 'BridgeCreate':
      case 'BridgeListItem':
        markHolding(message);
        break;
      case 'BridgeEnter':
        markHolding(message);
        if (channel) {
          contacts.goesOn(channel);
          calls.enter(channel, message.text('BridgeUniqueid'), message.text('SwapUniqueid'));
        }
        break;
      case 'BridgeLeave':
        if (channel?.bridge === message.text('BridgeUniqueid')) calls.leave(channel);
        break;
      case 'Hold':
        if (channel) channel.heldAt ??= at;
        break;
      case 'Unhold':
        if (channel) channel.heldAt = null;
        break;
      case 'Rename':
        if (channel) calls.rename(channel, message.text('Newname'));
        break;
      case 'HangupRequest':
        if (channel) contacts.hangupAsked(channel);
        break;
      case 'Hangup':
        if (channel) contacts.hangup(message, channel, at);
        break;
      case 'BlindTransfer':
        contacts.blindTransfer(message, at);
        break;
      case 'ParkedCall':
        if (parkee) {
          contacts.goesOn(parkee);
          parkee.parked = message.text('ParkingSpace') || '?';
        }
        break;
      case 'UnParkedCall':
        if (parkee) parkee.parked = null;
        break;
      case 'ParkedCallTimeOut':
        if (parkee) contacts.unparked(parkee, at);
        break;
      case 'Newexten':
        if (channel) contacts.goesOn(channel);
        break;
      case 'UserEvent':
        if (channel) contacts.goesOn(channel);
        userEvents(message, channel, at);
        break;
      case 'CoreShowChannel':
        if (!channel) break;
        if (message.known('BridgeId') === '') calls.leave(channel);
        else if (channel.bridge !== message.known('BridgeId'))
          calls.enter(channel, message.known('BridgeId'), '');
        break;
    }
  };

  function markHolding(message: Message): void {
    if (/holding/i.test(`${message.text('BridgeTechnology')} ${message.text('BridgeType')}`))
      calls.markHolding(message.text('BridgeUniqueid'));
  }
}
