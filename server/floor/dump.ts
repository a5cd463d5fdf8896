// The floor as it lies in a snapshot.

export const FLOOR_DUMP_VERSION = 1;

export interface FloorDump {
  readonly version: number;
  readonly [part: string]: unknown;
}
