// The process of one bench: it runs the named one and says its lines to who started it.
import { BENCHES } from './all.ts';

const [name = '', scale] = process.argv.slice(2);
const load = BENCHES.get(name);
if (load === undefined || (scale !== 'whole' && scale !== 'tiny') || !process.send)
  throw new Error('invariant: started by run-bench.ts, with a name of the registry and a scale');
const { bench } = await load();
const lines = await bench.run(scale);
await new Promise((sent) => process.send?.(lines, sent));
// A bench that left something open has said so above; its figures stand.
process.exit(0);
