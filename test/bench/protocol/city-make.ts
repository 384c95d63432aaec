import { writeCity } from './city-record.ts';

const [folder = '', voters = '', signedDistrict = ''] = process.argv.slice(2);
await writeCity(folder, voters.split(',').map(Number), Number(signedDistrict));
process.exit(0);
