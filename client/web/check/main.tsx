import { startPage } from '../frame/start-page.tsx';
import { CheckPage } from './check-page.tsx';

await startPage({ name: 'checker', root: '../', title: 'frame.checker', Content: CheckPage });
