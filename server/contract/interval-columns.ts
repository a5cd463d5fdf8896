// The columns of intervals, in their order: promised to other programs, by the audit and by `GET /api/v1/intervals` alike.

export const INTERVAL_COLUMNS = [
  'start',
  'queue',
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'leftOtherwise',
  'withinTarget',
  'serviceLevel',
  'asaMs',
  'ahtMs',
  'longestWaitMs',
  'waitingAtStart',
  'oldestWaitAtStartMs',
  'talkingAtStart',
  'peakWaiting',
] as const;
