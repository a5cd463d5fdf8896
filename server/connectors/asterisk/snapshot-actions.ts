// What is asked at every connect: lists that a user with `system,call,agent,user,reporting` may have; a refusal of one is no failure.

/** QueueStatus and CoreShowChannels must come whole before anything is over by silence. */
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
