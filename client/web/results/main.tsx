import { startPage } from '../frame/start-page.tsx';
import { ResultsPage } from './results-page.tsx';

await startPage({ name: 'results', root: '../', title: 'results.title', Content: ResultsPage });
