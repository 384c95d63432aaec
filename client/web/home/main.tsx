import { startPage } from '../frame/start-page.tsx';
import { Home } from './home.tsx';

await startPage({ name: 'election', root: './', title: 'frame.election', Content: Home });
