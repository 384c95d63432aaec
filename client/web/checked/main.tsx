import { startPage } from '../frame/start-page.tsx';
import { CheckedPage } from './checked-page.tsx';

await startPage({ name: 'results', root: '../', title: 'results.checked', Content: CheckedPage });
