/**
 * The exporter farm in a process of its own, so that its work is not counted as anybody else's.
 *
 * Arguments: targets, series of each. It sends its port, and how many scrapes it has answered whenever it is asked.
 */
import { argv } from 'node:process';
import { startExporterFarm } from '../../helpers/exporter-farm.ts';

const [targets, series] = argv.slice(2).map(Number);
const farm = await startExporterFarm(targets ?? 1, series ?? 1);
process.on('message', () => process.send?.({ answered: farm.answered() }));
process.once('disconnect', () => process.exit());
process.send?.({ port: farm.port });
