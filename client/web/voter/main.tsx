import { startPage } from '../frame/start-page.tsx';
import { VoterPage } from './voter-page.tsx';

await startPage({ name: 'vote', root: '../', title: 'frame.vote', Content: VoterPage });
