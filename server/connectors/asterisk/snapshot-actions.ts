// What is asked at every connect: lists that a user with `system,call,agent,user,reporting` may have; a refusal of one is no failure.

/** In this order, those that matter last: when they are answered, so are the others. */
export const SNAPSHOT_ACTIONS = [
  'ExtensionStateList',
  'SIPpeers',
  'PJSIPShowEndpoints',
  'DeviceStateList',
  'BridgeList',
  'ParkedCalls',
  'QueueStatus',
  'CoreShowChannels',
] as const;

/** Must come whole before anything is over by silence. */
export const NEEDED_ACTIONS = ['QueueStatus', 'CoreShowChannels'] as const;
