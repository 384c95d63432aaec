import type { Page } from 'playwright-core';
import { encodeQR } from 'qr';

/** A picture of a camera, in pixels. */
const [WIDTH, HEIGHT] = [640, 480] as const;
const MODULE = 5;

/** A film of a QR code as a camera would see it (YUV4MPEG2, grey). */
export function filmOf(text: string): Buffer {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 4 });
  const [left, top] = [(WIDTH - rows.length * MODULE) / 2, (HEIGHT - rows.length * MODULE) / 2].map(Math.floor) as [
    number,
    number,
  ];
  const luma = Buffer.alloc(WIDTH * HEIGHT, 200);
  rows.forEach((row, y) =>
    row.forEach((isDark, x) => {
      for (let dy = 0; dy < MODULE; dy++) {
        const start = (top + y * MODULE + dy) * WIDTH + left + x * MODULE;
        luma.fill(isDark ? 20 : 230, start, start + MODULE);
      }
    }),
  );
  return filmOfLuma(luma);
}

/** A film of a still picture. @param luma - brightness of its pixels, of the camera's size, row by row */
function filmOfLuma(luma: Uint8Array): Buffer {
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

/** A film of a picture that lies in the middle of what the camera sees. @param page - which reads the picture */
export async function filmOfPicture(page: Page, png: Buffer): Promise<Buffer> {
  const url = `data:image/png;base64,${png.toString('base64')}`;
  const base64 = await page.evaluate(
    async ([source, width, height]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'white';
      context.fillRect(0, 0, width, height);
      context.drawImage(image, (width - image.width) / 2, (height - image.height) / 2);
      const { data } = context.getImageData(0, 0, width, height);
      const luma = Array.from({ length: width * height }, (_, i) => String.fromCharCode(data[4 * i + 1]!));
      return btoa(luma.join(''));
    },
    [url, WIDTH, HEIGHT] as const,
  );
  return filmOfLuma(Buffer.from(base64, 'base64'));
}

/** For the browser's command line: its camera sees the film. */
export function cameraOf(film: string): readonly string[] {
  const camera = `--use-file-for-fake-video-capture=${film}`;
  return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', camera];
}
