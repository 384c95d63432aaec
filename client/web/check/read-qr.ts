import { UrnaError } from '../../../protocol/errors.ts';

/** Longest side, in pixels, at which a picture is looked at: photos of today have many more than a code needs. */
const LARGEST = 1600;

/** Something that can be drawn, and how large it is. */
export interface Picture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** The text of the QR code in a picture, or undefined if none is found. @param effort - of the reader: a photo is looked at once, a camera again and again */
export async function readQr(
  { source, width, height }: Picture,
  effort: 'once' | 'again',
): Promise<string | undefined> {
  const { default: decode } = await import('qr/decode.js');
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new UrnaError('checker/picture', 'this browser cannot look at pictures');
  context.drawImage(source, 0, 0, w, h);
  const { data } = context.getImageData(0, 0, w, h);
  try {
    return decode({ width: w, height: h, data }, effort === 'once' ? { effort: 4, timeLimit: 3_000 } : {});
  } catch {
    return undefined;
  }
}

/** The text of a QR code in a picture's file. @throws `checker/picture` if it is no picture, `checker/no-code` */
export async function readQrFile(file: Blob): Promise<string> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new UrnaError('checker/picture', 'the file is no picture that this browser reads');
  }
  try {
    const text = await readQr({ source: bitmap, width: bitmap.width, height: bitmap.height }, 'once');
    if (text !== undefined) return text;
    throw new UrnaError('checker/no-code', 'there is no QR code to be read in the picture');
  } finally {
    bitmap.close();
  }
}
