import { openBench } from './bench.ts';
import { playSeeds } from './play-seeds.ts';
import type { Share, Told } from './play-apart.ts';

// A process of `playApart`: plays its share and tells of each seed, then of the faults.
const { place, ...seeds } = JSON.parse(process.argv[2] ?? '') as Share;
const tell = (told: Told): void => void process.send?.(told);

const bench = await openBench(place);
const counts = await playSeeds(bench, seeds, (outcome) => tell({ outcome }));
tell({ counts: [...counts] });
await bench.close();
process.disconnect();
